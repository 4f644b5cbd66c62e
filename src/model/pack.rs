//! What a standard asks: clauses, their materials, and how each material is recognised.
//!
//! A pack is data that a consultant edits; the floor `rules` reads and checks it. Everything here
//! is already checked: patterns compile, references resolve, levels and audits exist.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::pinyin;

/// The rules of one standard.
#[derive(Debug, Clone)]
pub struct Pack {
    pub id: String,
    pub version: String,
    pub title: Words,
    /// The standard's own form: what heads it and what closes it.
    pub form: Form,
    /// In the standard's order.
    pub levels: Vec<Level>,
    pub audits: Vec<Audit>,
    /// 要点, in the form's order.
    pub stages: Vec<Stage>,
    pub rectification: Vec<RectificationRow>,
    pub vocabulary: Vocabulary,
    /// By number.
    pub clauses: Vec<Clause>,
    /// Lower-case hex SHA-256 over the pack's files: what was found with other rules is stale.
    pub digest: String,
}

/// A text in the pack's language and in English.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

/// The official form: its fixed texts, and what stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub title: String,
    pub header: Vec<HeadField>,
    pub columns: Vec<FormColumn>,
    /// What the conclusion of a row can be.
    pub answers: Answers,
    /// A line of `_` stands where the level is written.
    pub conclusion: String,
    pub pledge: String,
    /// Places to sign, seal and date, one a line.
    pub signature: Vec<String>,
    /// Printed on the long side of the sheet.
    pub landscape: bool,
    /// Printed before a clause's text where it is for some levels only.
    pub level_prefixes: Vec<LevelPrefix>,
    /// Printed behind a clause's text, by audit: where it applies to that audit alone.
    pub audit_suffixes: Vec<AuditSuffix>,
}

/// A field above the form's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadField {
    pub label: String,
    /// None: evlint knows nothing to write there.
    pub holds: Option<Head>,
}

/// What evlint.json knows and a form's head asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Head {
    Organization,
    Level,
    AssessedOn,
    Assessors,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormColumn {
    pub label: String,
    /// None: evlint knows nothing to write there.
    pub holds: Option<Column>,
    /// Beside the other columns' widths; of no unit.
    pub width: u32,
}

/// What a column of the form's table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// 序号.
    Number,
    /// 要点; one cell for all rows of a stage.
    Stage,
    /// 条款.
    Clause,
    /// 需提供证明材料.
    Evidence,
    /// 自评估结论: the boxes.
    Conclusion,
    /// 证明材料清单.
    Documents,
}

/// The form's own words for what a row can say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// 符合.
    pub yes: String,
    /// 不符合.
    pub no: String,
    /// 不适用.
    pub not_applicable: String,
    /// 无: what the form asks for was never there.
    pub none: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelPrefix {
    pub levels: Vec<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSuffix {
    pub audits: Vec<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// What `--level` and evlint.json take.
    pub id: String,
    pub name: Words,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// What `--audit` and evlint.json take.
    pub id: String,
    pub name: Words,
    /// Last audit's findings are asked for (the form's rectification rows).
    pub rectification: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub name: Words,
}

/// A row of the form that answers last audit's findings of one kind.
#[derive(Debug, Clone)]
pub struct RectificationRow {
    /// The row's number in the form; its gaps carry it as their clause.
    pub no: u32,
    /// What evlint.json calls such a finding: `observation`, `nonconformity`.
    pub kind: String,
    pub title: Words,
    /// The rows below it where findings are entered.
    pub entry_rows: Vec<u32>,
    /// Titles of documents that answer such findings.
    pub titles: Vec<Pattern>,
}

/// Words that every clause shares. All patterns see text without spaces, NFKC, lower case.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// What a document calls itself, by kind; the pattern that ends last in a title decides.
    pub kinds: Vec<KindWords>,
    /// Words before an item that turn it into its contrary: 不含, 另行签订.
    pub denials: Vec<Pattern>,
    /// Labels behind which a form gives its own title: 表单名称.
    pub title_labels: Vec<Pattern>,
    /// Words that leave an item to be settled later: 待双方商定.
    pub deferrals: Vec<Pattern>,
    /// What headers end with, whatever the table is of: 日期, 负责人, 结果.
    pub column_names: Vec<Pattern>,
    /// Words about days gone by, that bind nobody: 统计期间, 历史数据.
    pub looking_back: Vec<Pattern>,
    /// Cells beside an item's name that say that there is no such thing: 不涉及, 由客户自行负责.
    pub absences: Vec<Pattern>,
    /// Words that ask for something rather than state it: 应包括, 请填写.
    pub instructions: Vec<Pattern>,
    /// Openings of a sentence that says what the document is: 本文, 为规范….
    pub openings: Vec<Pattern>,
    /// Labels of a document-control block: 版本, 修订人, 批准.
    pub control: Vec<Pattern>,
    /// Titles of tables of contents.
    pub contents: Vec<Pattern>,
    /// Marks of a document that is no final version: 征求意见稿, 送审稿.
    pub drafts: Vec<Pattern>,
    /// Marks of an unfilled form: 模板, 样表.
    pub templates: Vec<Pattern>,
    /// Values that say nothing: ——, 待补充, XX.
    pub blanks: Vec<Pattern>,
    /// Titles and names of files that are no evidence for any clause.
    pub irrelevant: Vec<Pattern>,
    /// Names of temporary files and of files that systems leave behind; on the bare file name.
    pub temporary: Vec<Pattern>,
    /// Labels behind which a day stands, by what the day means.
    pub dates: DateLabels,
    /// Labels and headers of the time that a document is about.
    pub periods: PeriodLabels,
    /// Labels behind which an organisation stands that is the customer.
    pub customers: Vec<Pattern>,
    /// Labels behind which a version or a state stands: 版本, 文件状态.
    pub versions: Vec<Pattern>,
    /// Headings of annexes: a form printed there is no part of the document's own fields.
    pub annexes: Vec<Pattern>,
    /// What a cover says behind a customer's name: the project.
    pub projects: Vec<Pattern>,
    /// Headers of columns that nobody leaves empty who filled a form in: 结果, 是否正常.
    pub outcomes: Vec<Pattern>,
    /// What tells a plan that is called a record.
    pub intentions: Intentions,
    pub placeholders: Placeholders,
    pub secrets: Secrets,
    pub signatures: Signatures,
    /// What a finding calls a customer's name: 客户名称.
    pub customer_name: String,
    /// Whole names of organisations; a name behind a label counts only where it reads like one.
    pub organizations: Vec<Pattern>,
    pub contract: ContractLabels,
    /// Titles of files into which several documents are bound: 资料汇编.
    pub binders: Vec<Pattern>,
    /// What leads up to an organisation's name at the start of a title: 关于任命, 与.
    pub leads: Vec<Pattern>,
    /// What agreements promise in numbers.
    pub indicators: Indicators,
}

/// Words for what is still to be done, and for what was.
#[derive(Debug, Clone, Default)]
pub struct Intentions {
    /// Headers over what is intended: 拟核查时间, 计划日期.
    pub headers: Vec<Pattern>,
    /// Sentences of what will be: 届时, 拟于.
    pub sentences: Vec<Pattern>,
    /// Titles over what is still to be done: 待办事项, 下月计划.
    pub titles: Vec<Pattern>,
    /// Headers over what came of it: with one of them it is a record after all.
    pub results: Vec<Pattern>,
}

/// Words that stand for what nobody has filled in yet.
#[derive(Debug, Clone, Default)]
pub struct Placeholders {
    pub words: Vec<Pattern>,
    /// Sentences in which such words mean something: a naming rule, a masked name.
    pub harmless: Vec<Pattern>,
}

/// How passwords and keys look. All of it sees lower case without white space.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Names of a secret: 密码, password. Its value stands behind them, beside them or below them.
    pub labels: Vec<Pattern>,
    /// Longer words that hold such a name and name no secret: 密码策略, 弱口令.
    pub not_labels: Vec<Pattern>,
    /// Values that reveal nothing: ******, sha256, a day, an address.
    pub harmless: Vec<Pattern>,
    /// Account names, before a `/` and a password; as values they are weak passwords.
    pub accounts: Vec<Pattern>,
    /// Lines of configurations and shapes of keys that hold a secret by themselves.
    pub lines: Vec<Pattern>,
}

/// Labels behind which somebody signs or seals.
#[derive(Debug, Clone, Default)]
pub struct Signatures {
    /// For a party to the document: 甲方(盖章), 代表签字.
    pub parties: Vec<Pattern>,
    /// Who puts it into force: 批准, 签发.
    pub approvers: Vec<Pattern>,
    /// Anybody else: 编制, 审核, 巡检人.
    pub others: Vec<Pattern>,
    /// Days of signing.
    pub days: Vec<Pattern>,
    /// Values that promise a signature: 待审.
    pub pending: Vec<Pattern>,
    /// Ends of organisations' names: one typed behind a seal's label is no seal.
    pub organizations: Vec<Pattern>,
}

/// Words by which a promise in an agreement is known and held against another.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// The gravest first: of several contradictions the first kind's is told.
    pub kinds: Vec<IndicatorKind>,
    /// Words for levels of priority, the highest first; those of one rank mean the same.
    pub levels: Vec<Pattern>,
    /// Words that say nothing of what is promised: 时间, 年度.
    pub generic: Vec<Pattern>,
    /// Words that turn a subject into what it is not: 非, 其他.
    pub others: Vec<Pattern>,
    /// Sentences that say what follows from a breach, and promise nothing.
    pub breaches: Vec<Pattern>,
    /// Columns that hold something else than the promise: 实际值, 权重.
    pub not_columns: Vec<Pattern>,
}

/// One kind of promise: response, availability.
#[derive(Debug, Clone)]
pub struct IndicatorKind {
    pub measure: Measure,
    pub words: Vec<Pattern>,
}

/// In what a promise is measured, and with it which value is the looser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// How long something takes: longer is looser.
    Duration,
    /// A share in percent: lower is looser.
    Share,
    /// Hours of service: fewer are looser.
    Hours,
}

#[derive(Debug, Clone)]
pub struct KindWords {
    pub kind: DocumentKind,
    pub words: Vec<Pattern>,
}

/// Labels of dates, strongest meaning first.
#[derive(Debug, Clone, Default)]
pub struct DateLabels {
    pub approval: Vec<Pattern>,
    pub issue: Vec<Pattern>,
    /// Any other day that a document gives for itself: 编制日期, 巡检日期.
    pub own: Vec<Pattern>,
}

/// Labels and headers of what a document says of the time that it is about.
#[derive(Debug, Clone, Default)]
pub struct PeriodLabels {
    /// Labels behind which that time stands: 统计期间, 报告周期.
    pub labels: Vec<Pattern>,
    /// Titles of what is about a year: 年终.
    pub annual: Vec<Pattern>,
    /// Headers over the days or months of the rows: 日期, 月份.
    pub columns: Vec<Pattern>,
    /// Those of them over how long something took, or over what is to come: 响应时间.
    pub other_columns: Vec<Pattern>,
    /// Headers over other days than those on which the rows happened: 到期日, 购置日期.
    pub other_days: Vec<Pattern>,
    /// Headers over years.
    pub years: Vec<Pattern>,
    /// Labels and headings of from when to when a contract or a plan binds: 服务期限.
    pub terms: Vec<Pattern>,
}

/// Labels of what a document says of the contract that it belongs to.
#[derive(Debug, Clone, Default)]
pub struct ContractLabels {
    /// 合同编号.
    pub numbers: Vec<Pattern>,
    /// 合同金额.
    pub amounts: Vec<Pattern>,
    /// Sentences that state it: 合同总价款人民币….
    pub prices: Vec<Pattern>,
    /// Labels that give the number in the contract itself: 编号.
    pub own: Vec<Pattern>,
    /// Headings of the article on the price in the contract itself: 费用及支付.
    pub own_amounts: Vec<Pattern>,
}

/// What a document is, whatever it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// 制度, 规范, 程序, 流程.
    Policy,
    /// 计划, 方案, 预案.
    Plan,
    /// 记录, 登记表, 单.
    Record,
    /// 台账, 清单, 统计表, 库.
    Register,
    /// 报告, 总结, 分析.
    Report,
    /// 合同, 协议.
    Agreement,
    /// 通知, 通告, 任命书.
    Notice,
    /// 会议纪要.
    Minutes,
    /// 问卷, 调查表.
    Questionnaire,
    /// 课件, 宣传册.
    Slides,
    /// 目录, 证明材料清单: mentions everything and proves nothing.
    Contents,
    /// 证书.
    Certificate,
}

/// A numbered requirement of the standard.
#[derive(Debug, Clone)]
pub struct Clause {
    pub no: u32,
    /// Index into [`Pack::stages`].
    pub stage: usize,
    /// Ids of the levels it applies to: a set, not a minimum.
    pub levels: Vec<String>,
    /// Ids of the audits it applies to.
    pub audits: Vec<String>,
    /// 条款, word for word.
    pub clause: String,
    /// 需提供证明材料, word for word.
    pub evidence: String,
    pub materials: Vec<Material>,
}

/// One thing that a clause requires.
#[derive(Debug, Clone)]
pub struct Material {
    pub id: String,
    pub name: Words,
    pub scope: Scope,
    /// The words of the clause's texts that ask for it.
    pub cite: String,
    /// What an assessor accepts, in a sentence or two.
    pub accepts: Words,
    pub recognise: Recognise,
    pub items: Vec<Item>,
    pub timing: Timing,
    /// It repeats: a hole in a series of it is a gap.
    pub series: bool,
    /// It records what happens when it happens: days in its rows promise no cadence, only files,
    /// sheets and titles of a month or a quarter do.
    pub events: bool,
    /// It must be issued and approved.
    pub approval: bool,
    /// It is one by the customer's hand: where others signed, he must have.
    pub countersigned: bool,
    /// Materials whose records show this one where it has none of its own.
    pub shown_by: Vec<MaterialRef>,
    /// It is a content of these materials' documents: only they can show it.
    pub inside: Vec<MaterialRef>,
    /// Materials it is easily taken for: a document that is clearly one of them is not this one.
    pub confused_with: Vec<MaterialRef>,
    /// Materials whose sheets in the same workbook hold its items as well: the configuration database is
    /// drawn up from the asset register.
    pub draws_on: Vec<MaterialRef>,
    /// Materials that it must not contradict.
    pub agrees_with: Vec<Agreement>,
    /// Its parties are others than the customer: teams, suppliers.
    pub other_parties: bool,
}

/// What a material must say as another does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub with: MaterialRef,
    pub about: About,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Its term lies in the other's; a finding calls it by this word: 服务期限.
    Term(String),
    /// Its promises are no looser than the other's.
    Indicators,
    /// It is no earlier than the other; a finding calls its day by this word: 验收日期.
    Order(String),
    /// It gives the other's number of the contract; a finding calls it by this word: 合同编号.
    Number(String),
    /// It gives a sum for the contract that stands in the other; called by this word: 合同金额.
    Amount(String),
}

/// `11.nda`: a clause and one of its materials.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MaterialRef {
    pub clause: u32,
    pub material: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Once for the organisation.
    Organization,
    /// For each project.
    Project,
}

/// How a document shows that it is this material.
#[derive(Debug, Clone, Default)]
pub struct Recognise {
    /// Titles. Matched against a document's own title, then its file name.
    pub titles: Vec<Pattern>,
    /// Titles that look alike and are something else.
    pub not_titles: Vec<Pattern>,
    /// Kinds of document it can be; empty: any.
    pub kinds: Vec<DocumentKind>,
    /// Headers of its table, one pattern a column. Most of them in one header row show it.
    pub columns: Vec<Pattern>,
    /// What its text speaks of, one pattern a topic. Most of them show it.
    pub body: Vec<Pattern>,
    /// What the text of something else speaks of.
    pub not_body: Vec<Pattern>,
    /// Headings of a chapter or annex that is this material inside another document.
    pub chapters: Vec<Pattern>,
}

/// What a material must contain.
#[derive(Debug, Clone)]
pub struct Item {
    /// The standard's own word for it; it stands in the clause's texts.
    pub name: String,
    pub need: Need,
    /// What shows it: at least one pattern of each group.
    pub words: Vec<Vec<Pattern>>,
    /// What must stand with the words: an amount, a date, a number.
    pub value: Option<Pattern>,
    /// Headers of the column that must hold the value of a row, where the table has such a column.
    pub value_in: Vec<Pattern>,
    /// Structures that can show it; never empty.
    pub shown_by: Vec<Structure>,
    /// Only inside a chapter with such a heading, or a row that names it; empty: anywhere.
    pub within: Vec<Pattern>,
    /// It is part of the material's approval: where that lacks, it is no gap of its own.
    pub approval: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Each such item.
    All,
    /// At least one of the material's items of this need.
    Any,
    /// 适宜时: reported, never a gap.
    Suitable,
}

/// Where an item can stand so that it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// The title of the document or the name of the sheet, with something under it.
    Title,
    /// A heading with a body under it.
    Heading,
    /// A table's header with filled cells under it.
    Column,
    /// A cell that names it, with a filled cell beside it.
    Row,
    /// A label with a value: 服务期限：2025年….
    Label,
    /// A sentence that states it.
    Sentence,
    /// A first and a last day that are months apart.
    Term,
}

/// Which dates a document of this material may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// About the audited period, or written in it.
    Period,
    /// Looks back: about the audited period or the year before it.
    Review,
    /// Valid in the project's contract; naturally older than the period.
    Contract,
    /// Any: rules, policies.
    Any,
}

impl Timing {
    /// It tells what was done, not what will be.
    #[must_use]
    pub fn looks_back(self) -> bool {
        matches!(self, Self::Period | Self::Review)
    }
}

/// A regular expression over normalised text, kept with the text it was written as. It is compiled
/// when first asked: a pack has thousands, and most runs need a part of them.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    regex: OnceLock<Regex>,
    /// In pinyin, for names of files.
    spelled: OnceLock<Option<Regex>>,
}

/// Bytes that a compiled pattern may take. Far above what any rule needs: a pattern is written by
/// whoever runs the program, so that this guards against nobody.
const PATTERN_SIZE: usize = 1 << 30;

impl Pattern {
    /// # Errors
    /// Where `text` is no regular expression of the `regex` crate.
    pub fn new(text: &str) -> Result<Self, Box<regex_syntax::Error>> {
        regex_syntax::parse(text).map_err(Box::new)?;
        Ok(Self::of_checked(text.to_owned()))
    }

    /// `text` is known to be a regular expression.
    #[must_use]
    pub(crate) fn of_checked(text: String) -> Self {
        Self { text, regex: OnceLock::new(), spelled: OnceLock::new() }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// # Panics
    /// Never: what could not be parsed was refused when it was made.
    #[must_use]
    pub fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| {
            let compiled = RegexBuilder::new(&self.text).size_limit(PATTERN_SIZE).build();
            compiled.expect("it was parsed before it was made, and its size is not bounded")
        })
    }

    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.regex().is_match(text)
    }

    /// Whether these [letters](pinyin::letters) of a name spell it.
    pub(crate) fn is_spelled_in(&self, letters: &str) -> bool {
        let spelled = self.spelled.get_or_init(|| pinyin::spelled(&self.text, PATTERN_SIZE));
        spelled.as_ref().is_some_and(|spelled| pinyin::is_in(spelled, letters))
    }
}

impl std::fmt::Display for MaterialRef {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.clause, self.material)
    }
}

impl std::str::FromStr for MaterialRef {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (clause, material) = text.split_once('.').ok_or(())?;
        let clause = clause.parse().map_err(|_| ())?;
        if material.is_empty() { Err(()) } else { Ok(Self { clause, material: material.to_owned() }) }
    }
}

impl Pack {
    #[must_use]
    pub fn clause(&self, no: u32) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.no == no)
    }

    #[must_use]
    pub fn material(&self, of: &MaterialRef) -> Option<&Material> {
        self.clause(of.clause)?.materials.iter().find(|material| material.id == of.material)
    }

    #[must_use]
    pub fn level(&self, id: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.id == id)
    }

    #[must_use]
    pub fn audit(&self, id: &str) -> Option<&Audit> {
        self.audits.iter().find(|audit| audit.id == id)
    }
}

impl Clause {
    /// What the form prints before the clause for its levels and behind it for its audits.
    #[must_use]
    pub fn applies(&self, level: &str, audit: &str) -> bool {
        self.levels.iter().any(|id| id == level) && self.audits.iter().any(|id| id == audit)
    }
}
