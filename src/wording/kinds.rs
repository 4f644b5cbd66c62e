//! What every kind of finding means, how it is judged and how it is put right.

use super::pick;
use crate::model::settings::Language;

/// A text in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Both {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Both {
    #[must_use]
    pub fn of(self, language: Language) -> &'static str {
        pick(language, self.zh, self.en)
    }
}

/// What `evlint explain` says about a kind of finding.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    pub code: &'static str,
    /// A few words: `缺少材料`.
    pub title: Both,
    pub means: Both,
    pub judged: Both,
    pub fix: Both,
}

/// None where `code` is no kind of finding.
#[must_use]
pub fn explain_kind(code: &str) -> Option<&'static Explanation> {
    KINDS.iter().find(|explanation| explanation.code == code)
}

/// The code of every kind, in the order of the documentation: gaps, hygiene, housekeeping.
pub fn codes() -> impl Iterator<Item = &'static str> + use<> {
    KINDS.iter().map(|explanation| explanation.code)
}

const fn both(zh: &'static str, en: &'static str) -> Both {
    Both { zh, en }
}

static KINDS: &[Explanation] = &[
    Explanation {
        code: "missing-material",
        title: both("缺少材料", "missing material"),
        means: both(
            "条款要求的一份材料，在文件夹里（或在某个项目里）没有找到。",
            "A material that the clause requires was not found in the folder, or not in one project.",
        ),
        judged: both(
            "看文件的内容、标题、文件名和所在文件夹，内容优先；只有名字像、内容不是的，不算。",
            "By content, title, file name and folder, content first; a file that only bears the name does not count.",
        ),
        fix: both(
            "补上这份材料；已有而没有认出的，用 `evlint why 文件` 看原因，或在 evlint.json 的 evidence 里指明。",
            "Add it. If it is here already, `evlint why FILE` says why it was not taken, and `evidence` in evlint.json can name it.",
        ),
    },
    Explanation {
        code: "missing-content",
        title: both("内容不全", "missing content"),
        means: both(
            "材料有了，但条款点名要有的一项内容没有体现。",
            "The material is here, but an item that the clause names is not in it.",
        ),
        judged: both(
            "看结构：标题下有正文、表头下有数据、标签后有值，或有明确的陈述；目录、空表和“不含…”不算。",
            "By structure: a heading with text, a column with values, a label with a value, or a plain statement; contents pages, empty forms and denials do not count.",
        ),
        fix: both(
            "在材料里补上这项内容并写实；已签发的文件用补充协议或附件补充。",
            "Add the item with substance; to a signed document, as an annex.",
        ),
    },
    Explanation {
        code: "missing-period",
        title: both("周期缺漏", "missing period"),
        means: both("定期的记录或报告中间缺了几期。", "A series of periodic records or reports has holes."),
        judged: both(
            "周期按这一系列自己的间隔认定（月、季、半年、年），与审核期间、合同期限的交集比对。",
            "The series shows its own cadence (month, quarter, half-year, year), held against the audited period and the contract.",
        ),
        fix: both(
            "放入缺的那几期；确实没有开展的，如实说明原因，不要事后补造。",
            "Add the missing ones; where nothing was done, say why, and do not make any up.",
        ),
    },
    Explanation {
        code: "out-of-period",
        title: both("不在期间内", "out of period"),
        means: both(
            "唯一的一份材料，说的是审核期间（或合同期限）以外的事。",
            "The only candidate is about a time outside the audited period or the contract.",
        ),
        judged: both(
            "日期取自文件本身：批准日期、发布日期、封面、标题、正文、文件名；不看文件系统和 git 的时间。",
            "By the document's own dates: approval, issue, cover, title, text, file name; never the file system's or git's.",
        ),
        fix: both("放入审核期间内的那一份。", "Add the one of the audited period."),
    },
    Explanation {
        code: "unapproved",
        title: both("未见审批", "not approved"),
        means: both(
            "要求经审批发布的文件是草稿，或审批栏是空的。",
            "A document that must be issued and approved is a draft, or its approval fields are empty.",
        ),
        judged: both(
            "看批准人、审核人、日期、版本和“征求意见稿”“送审稿”之类的字样。",
            "By approver, reviewer, date, version, and by words that mark a draft.",
        ),
        fix: both("换上签批完整、正式发布的版本。", "Put the issued version here, with its approval."),
    },
    Explanation {
        code: "inconsistent",
        title: both("前后矛盾", "inconsistent"),
        means: both(
            "两份文件，或文件与 evlint.json，对同一件事说法不同。",
            "Two documents, or a document and evlint.json, contradict each other.",
        ),
        judged: both(
            "比对同一项目中应当一致的内容，如级别、指标、客户、期限、合同编号和金额。",
            "By comparing what must agree within a project: service levels, figures, customer, term, the contract's number and price.",
        ),
        fix: both(
            "核对原始资料，改正写错的一处；若 evlint.json 写错，改它。",
            "Check the source and correct the wrong one, or evlint.json if it is wrong.",
        ),
    },
    Explanation {
        code: "unreadable",
        title: both("无法读取", "unreadable"),
        means: both(
            "某份材料唯一可能的文件读不出来，所以不能判断；这不等于缺少。",
            "The only file that may be the material cannot be read, so nothing can be said; that is not the same as missing.",
        ),
        judged: both(
            "看加密、损坏、只有图片、格式不支持、超出读取上限等原因。",
            "By the reason: encrypted, damaged, pictures only, unsupported, beyond a limit.",
        ),
        fix: both(
            "按提示放入能读的版本，或自己看过后在 evlint.json 的 confirmations 里写明。",
            "Put a readable version here, or look at it and confirm it in evlint.json.",
        ),
    },
    Explanation {
        code: "needs-confirmation",
        title: both("需要人确认", "needs confirmation"),
        means: both(
            "有迹象，但不足以下结论，要人看一眼。",
            "There are signs, but too few to decide; a person must look.",
        ),
        judged: both(
            "只有文件名像、内容很少、互相矛盾，或内容在图片里时，宁可问，不猜。",
            "When only the name fits, the content is thin, signs conflict or a picture holds them: evlint asks and does not guess.",
        ),
        fix: both(
            "打开看过，在 evlint.json 的 confirmations 里写明结论；文件改动后要重新确认。",
            "Look, and write the answer under confirmations in evlint.json; a changed file must be confirmed anew.",
        ),
    },
    Explanation {
        code: "empty-file",
        title: both("空文件", "empty file"),
        means: both("文件里没有任何内容。", "The file holds nothing."),
        judged: both("大小为零，或只有空白。", "Its size is zero, or it is all blank."),
        fix: both("放入有内容的版本，或删去。", "Put the version with content here, or delete it."),
    },
    Explanation {
        code: "temp-file",
        title: both("临时文件", "temporary file"),
        means: both(
            "办公软件或系统留下的文件，不是证据。",
            "A file that an office program or the system left behind; no evidence.",
        ),
        judged: both(
            "看文件名，如 ~$合同.docx、.DS_Store、Thumbs.db。",
            "By its name, such as ~$a.docx, .DS_Store, Thumbs.db.",
        ),
        fix: both("关闭打开它的程序后删去。", "Close the program that made it, and delete it."),
    },
    Explanation {
        code: "duplicate",
        title: both("重复文件", "duplicate"),
        means: both("两份文件内容完全相同。", "Two files have the same content."),
        judged: both("比对内容的 SHA-256，与文件名无关。", "By the SHA-256 of the content, whatever the names."),
        fix: both(
            "留一份；本应不同的（如两个月的记录），换上正确的那份。",
            "Keep one; where they should differ, as records of two months, put the right one here.",
        ),
    },
    Explanation {
        code: "encrypted",
        title: both("加密文件", "encrypted file"),
        means: both(
            "文件要密码才能打开，审核员也打不开。",
            "The file asks for a password; the assessor cannot open it either.",
        ),
        judged: both("看文件格式自己的加密标记。", "By the mark of encryption in the file's own format."),
        fix: both("去掉打开密码后重新放入。", "Remove the password and put the file here again."),
    },
    Explanation {
        code: "corrupt",
        title: both("损坏文件", "damaged file"),
        means: both(
            "文件不符合它自己的格式，打不开。",
            "The file breaks the rules of its own format and does not open.",
        ),
        judged: both("由读取这种格式的程序判断。", "By the reader of its format."),
        fix: both(
            "用原来的程序打开，另存或重新导出后放入。",
            "Open it in its own program, save or export it anew, and put that here.",
        ),
    },
    Explanation {
        code: "lfs-pointer",
        title: both("LFS 指针", "LFS pointer"),
        means: both("这里只有 Git LFS 的指针，没有文件内容。", "Only the Git LFS pointer is here, not the file."),
        judged: both("看文件开头是否为 Git LFS 指针格式。", "By the pointer format of Git LFS."),
        fix: both("运行 `git lfs pull` 取下内容。", "Run `git lfs pull` to bring its content here."),
    },
    Explanation {
        code: "type-mismatch",
        title: both("扩展名不符", "wrong extension"),
        means: both(
            "扩展名与内容的格式不一致，别人双击可能打不开。",
            "Its extension says another format than its content; it may not open for others.",
        ),
        judged: both("格式按内容认定，扩展名只作参考。", "The content decides; the extension is a hint."),
        fix: both("改成正确的扩展名，或另存为该格式。", "Rename it, or save it in the format its name says."),
    },
    Explanation {
        code: "placeholder",
        title: both("占位文字", "placeholder"),
        means: both(
            "正文里还有没填的占位文字，像是没有做完的模板。",
            "The text still holds placeholders, like a template nobody finished.",
        ),
        judged: both(
            "看“待补充”“XX公司”“____年__月”之类的字样，不看说明性文字；整份没有填写的表也算。",
            "By words such as 待补充, XX公司, ____年__月 in the text; a form that is blank as a whole counts.",
        ),
        fix: both("填写完整后重新放入。", "Fill it in and put it here again."),
    },
    Explanation {
        code: "plaintext-secret",
        title: both("明文口令", "plaintext secret"),
        means: both(
            "文件里有明文的口令或密钥，交给审核员就是泄露。",
            "The file holds a password or key in plain text; handing it over leaks it.",
        ),
        judged: both(
            "看“口令”“密码”“secret”等标签后面的值和密钥的格式；报告从不引用它。",
            "By values behind labels such as 口令, password, secret and by the shape of keys; reports never quote them.",
        ),
        fix: both(
            "遮盖或删去，并更换这个口令；它已进入 git 历史的，按泄露处理。",
            "Mask or delete it and change the secret; if it is in git history, treat it as leaked.",
        ),
    },
    Explanation {
        code: "tracked-changes",
        title: both("修订痕迹", "tracked changes"),
        means: both(
            "文件里有没有接受的修订，看起来还没有定稿。",
            "The file has tracked changes nobody accepted; it looks unfinished.",
        ),
        judged: both("数 Word 文件里的插入和删除标记。", "By counting insertions and deletions in the document."),
        fix: both("接受或拒绝全部修订后另存。", "Accept or reject all changes and save."),
    },
    Explanation {
        code: "wrong-customer",
        title: both("客户名不符", "wrong customer"),
        means: both(
            "文件里写着别的客户，像是套用了其他项目的文件。",
            "The file names another customer, as if copied from another project.",
        ),
        judged: both(
            "比对标题、封面、甲方等处的名称与本项目的客户及别名。",
            "By the names at title, cover and party against the project's customer and its aliases.",
        ),
        fix: both(
            "换上本项目的文件，或改正名称；客户的其他叫法写进 evlint.json 的 aliases。",
            "Put this project's file here or correct the name; other names of the customer go to aliases in evlint.json.",
        ),
    },
    Explanation {
        code: "unsigned",
        title: both("未签字", "unsigned"),
        means: both(
            "文件有签字或盖章的位置，但是空的。",
            "The file has a place for a signature or seal, and it is empty.",
        ),
        judged: both(
            "看签字、盖章、确认人等标签后面有没有值。",
            "By whether anything stands behind labels for signature, seal or confirmation.",
        ),
        fix: both("换上签字盖章后的版本或扫描件。", "Put the signed version or its scan here."),
    },
    Explanation {
        code: "unmatched-file",
        title: both("未用到的文件", "file that serves no clause"),
        means: both("这份文件没有对应到任何条款。", "The file serves no clause."),
        judged: both("所有材料都比对过，没有一份够得上。", "Every material was tried and none fits."),
        fix: both(
            "用 `evlint why 文件` 看原因；确与审核无关的，移出或写进 evlint.json 的 ignore。",
            "`evlint why FILE` says why; what has nothing to do with the audit can be moved out or ignored in evlint.json.",
        ),
    },
    Explanation {
        code: "partly-read",
        title: both("没有读全的文件", "file read in part"),
        means: both(
            "这份文件读到上限为止，或有一部分读不出；读到的部分照常判断。",
            "The file was read up to a limit, or a part of it cannot be read; what was read is judged as usual.",
        ),
        judged: both("读取时记下的上限或部分。", "By the limit or the part that reading it noted."),
        fix: both(
            "没有读到的部分若是证明材料，单独存成一份较小的文件放入。",
            "If what was not read is evidence, put that part here as a smaller file of its own.",
        ),
    },
    Explanation {
        code: "unread-file",
        title: both("没有读的文件", "unread file"),
        means: both("这份文件读不出，但没有条款指望它。", "The file cannot be read, but no clause hangs on it."),
        judged: both(
            "同“无法读取”，只是没有材料以它为唯一候选。",
            "As for unreadable, but it is no material's only candidate.",
        ),
        fix: both("放入能读的版本，或移出文件夹。", "Put a readable version here, or move it out."),
    },
    Explanation {
        code: "waiver-lapsed",
        title: both("豁免到期", "waiver lapsed"),
        means: both(
            "evlint.json 里的一条豁免过了截止日期，不再有效。",
            "A waiver in evlint.json is past its last day and counts no more.",
        ),
        judged: both("截止日期当天仍有效，以检查日期为准。", "The last day still counts, by the day of the check."),
        fix: both(
            "补上材料后删去这条豁免；仍要豁免的，由负责人重新定期限。",
            "Close the gap and delete the waiver, or let its owner set a new date.",
        ),
    },
    Explanation {
        code: "waiver-unused",
        title: both("多余的豁免", "unused waiver"),
        means: both("evlint.json 里的一条豁免没有豁免任何差距。", "A waiver in evlint.json waives no gap."),
        judged: both(
            "它所指的条款、材料、项目没有差距，或写错了。",
            "Its clause, material or project has no gap, or is misspelt.",
        ),
        fix: both("删去它，或改正它所指的条款和材料。", "Delete it, or correct what it names."),
    },
    Explanation {
        code: "confirmation-lost",
        title: both("确认失效", "confirmation lost"),
        means: both(
            "人工确认过的文件后来变了或不在了，确认不再有效。",
            "A file that a person confirmed was changed or is gone; the confirmation counts no more.",
        ),
        judged: both("确认与文件内容的 SHA-256 绑定。", "A confirmation is bound to the SHA-256 of the content."),
        fix: both(
            "重新看过，更新 evlint.json 里这条确认；文件不再用的，删去它。",
            "Look at the file again and renew the confirmation in evlint.json, or delete it if the file is gone for good.",
        ),
    },
    Explanation {
        code: "evidence-unmatched",
        title: both("指明的文件不在", "named evidence not found"),
        means: both(
            "evlint.json 的 evidence 里指明的文件，文件夹里没有。",
            "A file that evlint.json names under evidence is not in the folder.",
        ),
        judged: both(
            "路径从证据文件夹的根写起；* 不跨文件夹，** 跨；写文件夹或压缩包，指其中全部文件。",
            "Paths start at the evidence folder; * stays in one folder, ** does not; a folder or an archive means all in it.",
        ),
        fix: both("改正路径，或删去这一条。", "Correct the path, or delete the entry."),
    },
    Explanation {
        code: "baseline-stale",
        title: both("基线过时", "stale baseline entry"),
        means: both("基线里记着的一处问题现在已经没有了。", "A finding that the baseline knows is found no more."),
        judged: both(
            "按指纹和次数与全部问题比对，与文件改名无关。",
            "By fingerprint and number against all findings; a renamed file makes no difference to a gap.",
        ),
        fix: both(
            "加上 --update-baseline 再运行一次，把它从基线里去掉；不去掉，同样的问题再出现就看不到了。",
            "Run once with --update-baseline to drop it; while it stays, the same finding could return unseen.",
        ),
    },
    Explanation {
        code: "no-period",
        title: both("没有审核期间", "no audited period"),
        means: both(
            "没有给出审核期间，日期只能与合同对照。",
            "No audited period was given; dates are held against contracts only.",
        ),
        judged: both("命令行和 evlint.json 都没有 period。", "Neither a flag nor evlint.json gives a period."),
        fix: both(
            "用 --period 起..止 或 evlint.json 的 period 写明。",
            "Give it with --period FROM..TO or as period in evlint.json.",
        ),
    },
];
