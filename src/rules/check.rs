//! Turns the JSON of a pack into model values, or says where it contradicts itself.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::PackError;
use super::error::Noun;
use super::patterns::Synonyms;
use super::shape;
use super::source::{At, OneOrMany, Source, did_you_mean};
use crate::model::pack::{
    About, Agreement, Answers, Audit, AuditSuffix, Clause, Column, ContractLabels, DateLabels, Form, FormColumn, Head,
    HeadField, IndicatorKind, Indicators, Intentions, Item, KindWords, Level, LevelPrefix, Material, MaterialRef, Pack,
    Pattern, PeriodLabels, Placeholders, Recognise, RectificationRow, Secrets, Signatures, Stage, Vocabulary, Words,
};

/// The pack of a `pack.json` and its clause files, whose numbers agree with their names.
/// The digest is left to the caller. `checked`: the patterns are known to be good.
pub(super) fn pack(common: &Source, clause_files: &[(u32, Source)], checked: bool) -> Result<Pack, PackError> {
    let shape: shape::Pack = common.parse()?;
    let at = common.root();
    unique(("级别", "level"), shape.levels.iter().map(|level| level.id.as_str()), &at.key("levels"))?;
    unique(("审核类型", "audit"), shape.audits.iter().map(|audit| audit.id.as_str()), &at.key("audits"))?;
    let synonyms = Synonyms::read(&shape.synonyms, checked, &at.key("synonyms"))?;
    let mut pack = Pack {
        form: form(&shape, &at.key("form"))?,
        rectification: rectification(&shape.rectification, &synonyms, &at.key("rectification"))?,
        vocabulary: vocabulary(&shape.vocabulary, &synonyms, &at.key("vocabulary"))?,
        levels: shape.levels.into_iter().map(|level| Level { id: level.id, name: words(level.name) }).collect(),
        audits: shape
            .audits
            .into_iter()
            .map(|audit| Audit { id: audit.id, name: words(audit.name), rectification: audit.rectification })
            .collect(),
        stages: shape.stages.into_iter().map(|name| Stage { name: words(name) }).collect(),
        id: shape.id,
        version: shape.version,
        title: words(shape.title),
        clauses: Vec::new(),
        digest: String::new(),
    };

    let shapes: Vec<shape::Clause> =
        clause_files.iter().map(|(_, source)| Ok(source.parse()?)).collect::<Result<_, PackError>>()?;
    // Compiling thousands of patterns is what loading costs: one clause a thread. The results are
    // gathered first, so that of many errors the first file's is told, on every machine.
    let clauses: Vec<Result<Clause, PackError>> = shapes
        .par_iter()
        .zip(clause_files)
        .map(|(shape, (no, source))| clause(shape, *no, &pack, &synonyms, &source.root()))
        .collect();
    pack.clauses = clauses.into_iter().collect::<Result<_, _>>()?;

    let known: Vec<String> = pack
        .clauses
        .iter()
        .flat_map(|clause| clause.materials.iter().map(move |material| format!("{}.{}", clause.no, material.id)))
        .collect();
    for (shape, (_, source)) in shapes.iter().zip(clause_files) {
        references(shape, &known, &source.root())?;
    }
    Ok(pack)
}

fn words(shape: shape::Words) -> Words {
    Words { zh: shape.zh, en: shape.en }
}

/// Of a column of the form that names none; the six of ours come to a hundred.
const COLUMN_WIDTH: u32 = 16;

fn form(pack: &shape::Pack, at: &At<'_>) -> Result<Form, PackError> {
    let levels: Vec<&str> = pack.levels.iter().map(|level| level.id.as_str()).collect();
    let audits: Vec<&str> = pack.audits.iter().map(|audit| audit.id.as_str()).collect();
    let form = &pack.form;
    for (index, prefix) in form.level_prefixes.iter().enumerate() {
        known(("级别", "level"), &prefix.levels, &levels, &at.key("level_prefixes").nth(index).key("levels"))?;
    }
    for (index, suffix) in form.audit_suffixes.iter().enumerate() {
        known(("审核类型", "audit"), &suffix.audits, &audits, &at.key("audit_suffixes").nth(index).key("audits"))?;
    }
    let prefix = |prefix: &shape::LevelPrefix| LevelPrefix { levels: prefix.levels.clone(), text: prefix.text.clone() };
    let suffix = |suffix: &shape::AuditSuffix| AuditSuffix { audits: suffix.audits.clone(), text: suffix.text.clone() };
    let field = |field: &shape::Labelled<Head>| HeadField { label: field.label.clone(), holds: field.holds };
    let column = |column: &shape::Labelled<Column>| FormColumn {
        label: column.label.clone(),
        holds: column.holds,
        width: column.width.unwrap_or(COLUMN_WIDTH).max(1),
    };
    Ok(Form {
        title: form.title.clone(),
        header: form.header.iter().map(field).collect(),
        columns: form.columns.iter().map(column).collect(),
        answers: Answers {
            yes: form.answers.yes.clone(),
            no: form.answers.no.clone(),
            not_applicable: form.answers.not_applicable.clone(),
            none: form.answers.none.clone(),
        },
        conclusion: form.conclusion.clone(),
        pledge: form.pledge.clone(),
        signature: form.signature.clone(),
        landscape: form.landscape,
        level_prefixes: form.level_prefixes.iter().map(prefix).collect(),
        audit_suffixes: form.audit_suffixes.iter().map(suffix).collect(),
    })
}

fn rectification(
    rows: &[shape::RectificationRow],
    synonyms: &Synonyms,
    at: &At<'_>,
) -> Result<Vec<RectificationRow>, PackError> {
    unique(("问题类型", "kind of finding"), rows.iter().map(|row| row.kind.as_str()), at)?;
    rows.iter()
        .enumerate()
        .map(|(index, row)| {
            Ok(RectificationRow {
                no: row.no,
                kind: row.kind.clone(),
                title: words(row.title.clone()),
                entry_rows: row.entry_rows.clone(),
                titles: synonyms.patterns(&row.titles, &at.nth(index).key("titles"))?,
            })
        })
        .collect()
}

fn vocabulary(shape: &shape::Vocabulary, synonyms: &Synonyms, at: &At<'_>) -> Result<Vocabulary, PackError> {
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    let mut kinds = Vec::new();
    for (kind, texts) in &shape.kinds {
        let name =
            serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
        kinds.push(KindWords { kind: *kind, words: synonyms.patterns(texts, &at.key("kinds").key(&name))? });
    }
    let days = at.key("dates");
    Ok(Vocabulary {
        kinds,
        denials: list(&shape.denials, "denials")?,
        title_labels: list(&shape.title_labels, "title_labels")?,
        deferrals: list(&shape.deferrals, "deferrals")?,
        column_names: list(&shape.column_names, "column_names")?,
        looking_back: list(&shape.looking_back, "looking_back")?,
        absences: list(&shape.absences, "absences")?,
        instructions: list(&shape.instructions, "instructions")?,
        openings: list(&shape.openings, "openings")?,
        control: list(&shape.control, "control")?,
        contents: list(&shape.contents, "contents")?,
        drafts: list(&shape.drafts, "drafts")?,
        templates: list(&shape.templates, "templates")?,
        blanks: list(&shape.blanks, "blanks")?,
        irrelevant: list(&shape.irrelevant, "irrelevant")?,
        temporary: list(&shape.temporary, "temporary")?,
        dates: DateLabels {
            approval: synonyms.patterns(&shape.dates.approval, &days.key("approval"))?,
            issue: synonyms.patterns(&shape.dates.issue, &days.key("issue"))?,
            own: synonyms.patterns(&shape.dates.own, &days.key("own"))?,
        },
        periods: periods(&shape.periods, synonyms, &at.key("periods"))?,
        customers: list(&shape.customers, "customers")?,
        versions: list(&shape.versions, "versions")?,
        annexes: list(&shape.annexes, "annexes")?,
        projects: list(&shape.projects, "projects")?,
        outcomes: list(&shape.outcomes, "outcomes")?,
        intentions: intentions(&shape.intentions, synonyms, &at.key("intentions"))?,
        placeholders: placeholders(&shape.placeholders, synonyms, &at.key("placeholders"))?,
        secrets: secrets(&shape.secrets, synonyms, &at.key("secrets"))?,
        signatures: signatures(&shape.signatures, synonyms, &at.key("signatures"))?,
        customer_name: shape.customer_name.clone(),
        organizations: list(&shape.organizations, "organizations")?,
        leads: list(&shape.leads, "leads")?,
        binders: list(&shape.binders, "binders")?,
        contract: contract(&shape.contract, synonyms, &at.key("contract"))?,
        indicators: indicators(&shape.indicators, synonyms, &at.key("indicators"))?,
    })
}

fn intentions(shape: &shape::Intentions, synonyms: &Synonyms, at: &At<'_>) -> Result<Intentions, PackError> {
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    Ok(Intentions {
        headers: list(&shape.headers, "headers")?,
        sentences: list(&shape.sentences, "sentences")?,
        titles: list(&shape.titles, "titles")?,
        results: list(&shape.results, "results")?,
    })
}

fn periods(shape: &shape::PeriodLabels, synonyms: &Synonyms, at: &At<'_>) -> Result<PeriodLabels, PackError> {
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    Ok(PeriodLabels {
        labels: list(&shape.labels, "labels")?,
        annual: list(&shape.annual, "annual")?,
        columns: list(&shape.columns, "columns")?,
        other_columns: list(&shape.other_columns, "other_columns")?,
        other_days: list(&shape.other_days, "other_days")?,
        years: list(&shape.years, "years")?,
        terms: list(&shape.terms, "terms")?,
    })
}

fn contract(shape: &shape::ContractLabels, synonyms: &Synonyms, at: &At<'_>) -> Result<ContractLabels, PackError> {
    let list = |patterns: &[String], key| synonyms.patterns(patterns, &at.key(key));
    Ok(ContractLabels {
        numbers: list(&shape.numbers, "numbers")?,
        amounts: list(&shape.amounts, "amounts")?,
        prices: list(&shape.prices, "prices")?,
        own: list(&shape.own, "own")?,
        own_amounts: list(&shape.own_amounts, "own_amounts")?,
    })
}

fn placeholders(shape: &shape::Placeholders, synonyms: &Synonyms, at: &At<'_>) -> Result<Placeholders, PackError> {
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    Ok(Placeholders { words: list(&shape.words, "words")?, harmless: list(&shape.harmless, "harmless")? })
}

fn secrets(shape: &shape::Secrets, synonyms: &Synonyms, at: &At<'_>) -> Result<Secrets, PackError> {
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    Ok(Secrets {
        labels: list(&shape.labels, "labels")?,
        not_labels: list(&shape.not_labels, "not_labels")?,
        harmless: list(&shape.harmless, "harmless")?,
        accounts: list(&shape.accounts, "accounts")?,
        lines: list(&shape.lines, "lines")?,
    })
}

fn signatures(shape: &shape::Signatures, synonyms: &Synonyms, at: &At<'_>) -> Result<Signatures, PackError> {
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    Ok(Signatures {
        parties: list(&shape.parties, "parties")?,
        approvers: list(&shape.approvers, "approvers")?,
        others: list(&shape.others, "others")?,
        days: list(&shape.days, "days")?,
        pending: list(&shape.pending, "pending")?,
        organizations: list(&shape.organizations, "organizations")?,
    })
}

fn indicators(shape: &shape::Indicators, synonyms: &Synonyms, at: &At<'_>) -> Result<Indicators, PackError> {
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    let kind = |(index, kind): (usize, &shape::IndicatorKind)| {
        let words = synonyms.patterns(&kind.words, &at.key("kinds").nth(index).key("words"))?;
        Ok(IndicatorKind { measure: kind.measure, words })
    };
    Ok(Indicators {
        kinds: shape.kinds.iter().enumerate().map(kind).collect::<Result<_, PackError>>()?,
        levels: list(&shape.levels, "levels")?,
        generic: list(&shape.generic, "generic")?,
        others: list(&shape.others, "others")?,
        breaches: list(&shape.breaches, "breaches")?,
        not_columns: list(&shape.not_columns, "not_columns")?,
    })
}

fn clause(shape: &shape::Clause, no: u32, pack: &Pack, synonyms: &Synonyms, at: &At<'_>) -> Result<Clause, PackError> {
    if shape.no != no {
        let help = format!("文件名中是 {no} (the file's name says {no})");
        return Err(PackError::unknown(("条款", "clause"), &shape.no.to_string(), help, &at.key("no")));
    }
    let stages: Vec<&str> = pack.stages.iter().map(|stage| stage.name.zh.as_str()).collect();
    let Some(stage) = stages.iter().position(|stage| *stage == shape.stage) else {
        return Err(PackError::unknown(
            ("要点", "stage"),
            &shape.stage,
            did_you_mean(&shape.stage, stages),
            &at.key("stage"),
        ));
    };
    let levels: Vec<&str> = pack.levels.iter().map(|level| level.id.as_str()).collect();
    known(("级别", "level"), &shape.levels, &levels, &at.key("levels"))?;
    let audits: Vec<&str> = pack.audits.iter().map(|audit| audit.id.as_str()).collect();
    known(("审核类型", "audit"), &shape.audits, &audits, &at.key("audits"))?;
    if shape.materials.is_empty() {
        let help = "什么都不要求的条款总会符合 (a clause that asks for nothing would always be satisfied)";
        return Err(PackError::empty("materials", help, &at.key("materials")));
    }
    unique(("材料", "material"), shape.materials.iter().map(|material| material.id.as_str()), &at.key("materials"))?;

    let texts = Texts { evidence: dense(&shape.evidence), clause: dense(&shape.text) };
    let materials = shape
        .materials
        .iter()
        .enumerate()
        .map(|(index, shape)| material(shape, &texts, synonyms, &at.key("materials").nth(index)))
        .collect::<Result<_, _>>()?;
    Ok(Clause {
        no: shape.no,
        stage,
        levels: shape.levels.clone(),
        audits: shape.audits.clone(),
        clause: shape.text.clone(),
        evidence: shape.evidence.clone(),
        materials,
    })
}

fn material(shape: &shape::Material, texts: &Texts, synonyms: &Synonyms, at: &At<'_>) -> Result<Material, PackError> {
    if !texts.hold(&shape.cite) {
        return Err(PackError::not_in_text("the cited text", &shape.cite, &at.key("cite")));
    }
    unique(("内容项", "item"), shape.items.iter().map(|item| item.name.as_str()), &at.key("items"))?;
    let list = |texts: &[String], key: &str| synonyms.patterns(texts, &at.key(key));
    // A reference that does not parse is told, with its place, by `references`.
    let to = |texts: &[String]| texts.iter().filter_map(|text| text.parse().ok()).collect::<Vec<MaterialRef>>();
    let items = shape.items.iter().enumerate();
    Ok(Material {
        id: shape.id.clone(),
        name: words(shape.name.clone()),
        scope: shape.scope,
        cite: shape.cite.clone(),
        accepts: words(shape.accepts.clone()),
        recognise: Recognise {
            titles: list(&shape.titles, "titles")?,
            not_titles: list(&shape.not_titles, "not_titles")?,
            kinds: shape.kinds.clone(),
            columns: list(&shape.columns, "columns")?,
            body: list(&shape.body, "body")?,
            not_body: list(&shape.not_body, "not_body")?,
            chapters: list(&shape.chapters, "chapters")?,
        },
        items: items
            .map(|(index, shape)| item(shape, texts, synonyms, &at.key("items").nth(index)))
            .collect::<Result<_, _>>()?,
        timing: shape.timing,
        series: shape.series,
        events: shape.events,
        approval: shape.approval,
        countersigned: shape.countersigned,
        shown_by: to(&shape.shown_by),
        inside: to(&shape.inside),
        confused_with: to(&shape.confused_with),
        draws_on: to(&shape.draws_on),
        agrees_with: shape.agrees_with.iter().filter_map(agreement).collect(),
        other_parties: shape.other_parties,
    })
}

/// None where the reference does not parse: `references` tells it, with its place.
fn agreement(shape: &shape::Agreement) -> Option<Agreement> {
    let about = match shape.about {
        shape::About::Term => About::Term(shape.item.clone().unwrap_or_default()),
        shape::About::Indicators => About::Indicators,
        shape::About::Order => About::Order(shape.item.clone().unwrap_or_default()),
        shape::About::Number => About::Number(shape.item.clone().unwrap_or_default()),
        shape::About::Amount => About::Amount(shape.item.clone().unwrap_or_default()),
    };
    Some(Agreement { with: shape.with.parse().ok()?, about })
}

fn item(shape: &shape::Item, texts: &Texts, synonyms: &Synonyms, at: &At<'_>) -> Result<Item, PackError> {
    if !texts.hold(&shape.name) {
        return Err(PackError::not_in_text("the item", &shape.name, &at.key("name")));
    }
    if shape.shown_by.is_empty() {
        return Err(PackError::empty(
            "shown_by",
            "不写这一项，就是除 title 外全部 (leave it out to take every structure but the title)",
            &at.key("shown_by"),
        ));
    }
    let value = shape.value.as_deref().map(|text| synonyms.pattern(text, &at.key("value"))).transpose()?;
    Ok(Item {
        name: shape.name.clone(),
        need: shape.need,
        words: groups(&shape.words, synonyms, &at.key("words"))?,
        value,
        shown_by: shape.shown_by.clone(),
        value_in: synonyms.patterns(&shape.value_in, &at.key("value_in"))?,
        within: synonyms.patterns(&shape.within, &at.key("within"))?,
        approval: shape.approval,
    })
}

fn groups(shapes: &[OneOrMany], synonyms: &Synonyms, at: &At<'_>) -> Result<Vec<Vec<Pattern>>, PackError> {
    let help = "没有词的内容项永远找不到 (an item that no words show could never be found)";
    let mut alternatives = Vec::new();
    let mut groups = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let at = at.nth(index);
        match shape {
            OneOrMany::One(text) => alternatives.push(synonyms.pattern(text, &at)?),
            OneOrMany::Many(texts) if texts.is_empty() => return Err(PackError::empty("words", help, &at)),
            OneOrMany::Many(texts) => groups.push(synonyms.patterns(texts, &at)?),
        }
    }
    if !alternatives.is_empty() {
        groups.push(alternatives);
    }
    if groups.is_empty() { Err(PackError::empty("words", help, at)) } else { Ok(groups) }
}

/// Every reference of a clause leads to a material of the pack.
fn references(clause: &shape::Clause, known: &[String], at: &At<'_>) -> Result<(), PackError> {
    for (index, material) in clause.materials.iter().enumerate() {
        let at = at.key("materials").nth(index);
        let leads = |name: &String, at: &At<'_>| {
            if known.contains(name) {
                return Ok(());
            }
            let help = did_you_mean(name, known.iter().map(String::as_str));
            Err(PackError::unknown(("材料", "material"), name, help, at))
        };
        for (key, names) in
            [("inside", &material.inside), ("shown_by", &material.shown_by), ("confused_with", &material.confused_with)]
        {
            for (index, name) in names.iter().enumerate() {
                leads(name, &at.key(key).nth(index))?;
            }
        }
        for (index, agreement) in material.agrees_with.iter().enumerate() {
            let at = at.key("agrees_with").nth(index);
            leads(&agreement.with, &at.key("with"))?;
            if !matches!(agreement.about, shape::About::Indicators)
                && agreement.item.as_deref().is_none_or(str::is_empty)
            {
                let help = "写明这一项叫什么，如“服务期限” (say what it is called, such as 服务期限)";
                return Err(PackError::empty("item", help, &at.key("item")));
            }
        }
    }
    Ok(())
}

/// Ids are defined and there is at least one.
fn known(what: Noun, ids: &[String], defined: &[&str], at: &At<'_>) -> Result<(), PackError> {
    if ids.is_empty() {
        return Err(PackError::empty(
            what.1,
            "一个也不适用，就永远不会要求它 (what applies to none is never asked for)",
            at,
        ));
    }
    for (index, id) in ids.iter().enumerate() {
        if !defined.contains(&id.as_str()) {
            return Err(PackError::unknown(what, id, did_you_mean(id, defined.iter().copied()), &at.nth(index)));
        }
    }
    unique(what, ids.iter().map(String::as_str), at)
}

/// No name twice among the members of the list at `at`.
fn unique<'n>(what: Noun, names: impl Iterator<Item = &'n str>, at: &At<'_>) -> Result<(), PackError> {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name) {
            let member = at.nth(index);
            let inner = ["id", "name", "kind"].iter().map(|key| member.key(key)).find(|at| at.span() != member.span());
            return Err(PackError::duplicate(what, name, &inner.unwrap_or(member)));
        }
    }
    Ok(())
}

/// A clause's two texts without white space: the form was printed in narrow columns, and copies
/// of it break words anywhere.
struct Texts {
    evidence: String,
    clause: String,
}

impl Texts {
    fn hold(&self, words: &str) -> bool {
        let words = dense(words);
        !words.is_empty() && (self.evidence.contains(&words) || self.clause.contains(&words))
    }
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
