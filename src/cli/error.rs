//! Why the program could not do what it was asked, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

use evlint::baseline::BaselineError;
use evlint::config::ConfigError;
use evlint::model::settings::Language;
use evlint::report::FORMATS;
use evlint::rules::PackError;
use evlint::tree::TreeError;
use evlint::tree::git::GitError;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, NarratableReportHandler, ThemeCharacters, ThemeStyles,
};

use super::args::Global;
use super::terminal;

/// The run cannot go on. Exit code 2.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum CliError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Pack(#[from] Box<PackError>),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] Box<ConfigError>),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Tree(Box<TreeError>),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Baseline(Box<BaselineError>),

    #[error("{} 不是 evlint 写的文件，没有覆盖 (not a file of evlint's: left as it is)", path.display())]
    #[diagnostic(code(evlint::file::foreign), help("换一个文件名 (choose another name)"))]
    Foreign { path: PathBuf },

    #[error("{} 里已有别的钩子，没有改动 (there is another hook: left as it is)", path.display())]
    #[diagnostic(code(evlint::hook::foreign))]
    ForeignHook {
        path: PathBuf,
        #[help]
        help: String,
    },

    #[error("钩子文件夹 {} 在仓库之外，别的仓库可能也用它 (the hooks folder is shared with others)", path.display())]
    #[diagnostic(code(evlint::hook::shared))]
    SharedHooks {
        path: PathBuf,
        #[help]
        help: String,
    },

    #[error("{} 没有 evlint.json (no evlint.json speaks for this folder)", path.display())]
    #[diagnostic(
        code(evlint::hook::no_config),
        help(
            "钩子没有地方写申报级别：先在证据文件夹里写 evlint.json，或用 --path 指出它 (the hook needs a level: write evlint.json, or name the folder with --path)"
        )
    )]
    NoConfig { path: PathBuf },

    #[error("裸仓库没有提交钩子可装 (nobody commits in a bare repository)")]
    #[diagnostic(
        code(evlint::hook::bare),
        help("在服务器的钩子里用 evlint check --commit (use it in a server's hook)")
    )]
    BareHook,

    #[error("这个 evlint 没有编入 PP-OCR，--ocr-models 用不了 (this evlint was built without PP-OCR)")]
    #[diagnostic(
        code(evlint::ocr::not_built),
        help(
            "用 cargo install evlint --features ppocr 重新编译（要编译很久）；或去掉 --ocr-models，改用 tesseract (build it with --features ppocr, which takes long, or leave --ocr-models out and use tesseract)"
        )
    )]
    NoPpocr,

    #[error("{} 里没有 {what} (no {what} there)", path.display())]
    #[diagnostic(
        code(evlint::ocr::models),
        help(
            "文件夹里要有 PP-OCR 的检测和识别模型（ONNX），例如 PyPI 上 rapidocr 包里 models 文件夹的两个 (it must hold PP-OCR's models for detection and recognition as ONNX, such as those in the package rapidocr of PyPI)"
        )
    )]
    OcrModels { path: PathBuf, what: &'static str },

    #[error("不知道缓存文件夹在哪里 (no cache folder is known)")]
    #[diagnostic(
        code(evlint::cache::folder),
        help("用 --cache-dir 指出它，或设置 XDG_CACHE_HOME (name it with --cache-dir, or set XDG_CACHE_HOME)")
    )]
    NoCacheFolder,

    #[error("清不掉 {} 里的缓存 (cannot throw away the cache)：{why}", path.display())]
    #[diagnostic(code(evlint::cache::clean))]
    CacheClean { path: PathBuf, why: String },

    #[error("没有说明申报级别 (no level given)")]
    #[diagnostic(code(evlint::level::missing))]
    NoLevel {
        #[help]
        help: String,
    },

    #[error("没有级别 {id} (no level `{id}`)")]
    #[diagnostic(code(evlint::level::unknown))]
    UnknownLevel {
        id: String,
        #[help]
        help: String,
    },

    #[error("没有审核类型 {id} (no audit `{id}`)")]
    #[diagnostic(code(evlint::audit::unknown))]
    UnknownAudit {
        id: String,
        #[help]
        help: String,
    },

    #[error("审核期 {text} 无法识别 (`{text}` is no period)")]
    #[diagnostic(
        code(evlint::period::bad),
        help("写成 2025-01-01..2025-12-31，前一天不晚于后一天 (write FROM..TO, both days count)")
    )]
    Period { text: String },

    #[error("没有输出格式 {name} (no format `{name}`)")]
    #[diagnostic(code(evlint::format::unknown))]
    Format {
        name: String,
        #[help]
        help: String,
    },

    #[error("只有一种格式可以写到标准输出 (only one format can go to standard output)")]
    #[diagnostic(code(evlint::format::two), help("其余的写成 --format NAME=FILE (write the others to files)"))]
    TwoToOutput,

    #[error("两种格式写到同一个文件 {} (two formats to one file)", path.display())]
    #[diagnostic(code(evlint::format::file), help("给每种格式一个文件 (give each format a file of its own)"))]
    TwoToFile { path: PathBuf },

    #[error("--format {name}= 后面没有文件名 (no file behind `{name}=`)")]
    #[diagnostic(
        code(evlint::format::nofile),
        help("写成 --format {name}=FILE，或不要等号 (write a file's name, or leave out the equals sign)")
    )]
    NoFile { name: String },

    #[error("没有子命令 {name} (no command `{name}`)")]
    #[diagnostic(code(evlint::man::unknown))]
    UnknownCommand {
        name: String,
        #[help]
        help: String,
    },

    #[error("没有叫 {code} 的条款、材料或问题类型 (no clause, material or kind of finding `{code}`)")]
    #[diagnostic(code(evlint::explain::unknown))]
    UnknownCode {
        code: String,
        #[help]
        help: String,
    },

    #[error("读不了文件 {} (cannot read it)", path.display())]
    #[diagnostic(code(evlint::file::read), help("检查路径和读取权限 (check the path and its permissions)"))]
    Read { path: PathBuf, source: io::Error },

    #[error("写不了文件 {} (cannot write it)", path.display())]
    #[diagnostic(
        code(evlint::file::write),
        help("检查文件夹是否存在、是否可写 (check that its folder exists and can be written to)")
    )]
    Write { path: PathBuf, source: io::Error },

    #[error("写不了标准输出 (cannot write to standard output)")]
    #[diagnostic(code(evlint::output))]
    Output { source: io::Error },

    #[error("自评估表要写成 .docx 或 .xlsx，而不是 {} (a form is a .docx or .xlsx file)", path.display())]
    #[diagnostic(code(evlint::form::extension))]
    FormExtension { path: PathBuf },

    #[error("已有文件 {}，没有改动它 (the file exists and was left alone)", path.display())]
    #[diagnostic(
        code(evlint::form::exists),
        help(
            "用 --update 更新它并保留人写的内容，用 --force 覆盖它 (--update keeps what people wrote, --force overwrites)"
        )
    )]
    FormExists { path: PathBuf },

    #[error("--update 的文件和 --out 的格式不同 (--update and --out are of different formats)")]
    #[diagnostic(code(evlint::form::formats), help("写成同一种扩展名 (use one extension for both)"))]
    FormFormats,

    #[error("读不出 {} (cannot read the form)：{why}", path.display())]
    #[diagnostic(code(evlint::form::unreadable))]
    FormUnreadable {
        path: PathBuf,
        why: String,
        #[help]
        help: String,
    },

    #[error("{}：{source}", path.display())]
    #[diagnostic(code(evlint::form))]
    Form { path: PathBuf, source: evlint::form::FormError },

    #[error("已有 {}，没有改动它 (it exists and was left alone)", path.display())]
    #[diagnostic(
        code(evlint::bundle::exists),
        help("换一个名字，或先移走它 (give another name, or move it away first)")
    )]
    BinderExists { path: PathBuf },

    #[error("{} 在证明材料文件夹里面 (it lies inside the evidence folder)", path.display())]
    #[diagnostic(
        code(evlint::bundle::inside),
        help(
            "写到文件夹外面，或先在 .evlintignore、.gitignore 或 evlint.json 的 ignore 里写上它 (write it elsewhere, or have it ignored)"
        )
    )]
    BinderInside { path: PathBuf },

    #[error("{path} 在检查之后变了 (it changed after it was checked)")]
    #[diagnostic(
        code(evlint::bundle::changed),
        help("没有生成资料册；等文件不再变动后重试 (no binder was made; try again once the files are at rest)")
    )]
    EvidenceChanged { path: String },

    #[error("读不了 {path} (cannot read it)：{why}")]
    #[diagnostic(code(evlint::bundle::unread), help("没有生成资料册 (no binder was made)"))]
    EvidenceUnread { path: String, why: String },

    #[error("无法生成资料册 (cannot make the binder)")]
    #[diagnostic(code(evlint::bundle))]
    Binder { source: evlint::bundle::BinderError },

    #[error("{} 里没有 manifest.sha256 (it holds no manifest.sha256)", path.display())]
    #[diagnostic(
        code(evlint::bundle::no_manifest),
        help("给出 evlint bundle 生成的文件夹或 .zip (name a folder or .zip that `evlint bundle` made)")
    )]
    NoManifest { path: PathBuf },

    #[error("{} 的 {name} 第 {line} 行不是哈希清单 (no line of a list of hashes)", path.display())]
    #[diagnostic(code(evlint::bundle::bad_manifest), help("向交付方索取原来的资料册 (ask for the binder as it was)"))]
    BadManifest { path: PathBuf, name: &'static str, line: usize },

    #[error("已有这些文件，什么都没有建立 (these exist, nothing was made)：{}", names.join("、"))]
    #[diagnostic(
        code(evlint::init::exists),
        help("换一个文件夹，或先移走它们 (take another folder, or move them away first)")
    )]
    InitExists { names: Vec<String> },

    #[error("没有得到回答 (no answer)")]
    #[diagnostic(code(evlint::init::asked), help("用参数说明，如 --level 3 (say it with flags)"))]
    Asked { source: dialoguer::Error },

    #[error("开不了线程 (cannot start threads)")]
    #[diagnostic(code(evlint::threads), help("用 --jobs 1 再试 (try --jobs 1)"))]
    Threads { source: rayon::ThreadPoolBuildError },
}

impl CliError {
    pub(crate) fn tree(error: TreeError) -> Self {
        Self::Tree(Box::new(error))
    }

    pub(crate) fn git(error: GitError) -> Self {
        Self::tree(error.into())
    }

    pub(crate) fn threads(source: rayon::ThreadPoolBuildError) -> Self {
        Self::Threads { source }
    }

    pub(crate) fn format(name: &str) -> Self {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
        Self::Format { name: name.to_owned(), help: did_you_mean(name, &names) }
    }
}

/// The nearest of the names, and all of them.
pub(crate) fn did_you_mean(given: &str, names: &[&str]) -> String {
    let nearest = names.iter().map(|name| (strsim::jaro_winkler(given, name), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    let all = names.join("、");
    match nearest {
        Some((likeness, name)) if likeness > 0.75 => format!("是 {name} 吗？可用：{all} (did you mean `{name}`?)"),
        _ => format!("可用：{all} (one of these)"),
    }
}

/// Prints an error to standard error, in the style that the flags and the terminal ask for.
#[expect(clippy::print_stderr, reason = "the one place where the program tells why it failed")]
pub(crate) fn say(error: &CliError, global: &Global) {
    let style = terminal::style(global);
    let mut text = String::new();
    let written = if style.graphics {
        let theme = GraphicalTheme {
            characters: ThemeCharacters::unicode(),
            styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        GraphicalReportHandler::new_themed(theme)
            .with_width(style.width)
            .with_links(false)
            .render_report(&mut text, error)
    } else {
        NarratableReportHandler::new().render_report(&mut text, error)
    };
    if written.is_err() {
        text = error.to_string();
    }
    eprintln!("{}", text.trim_end());
}

/// Nothing was checked, which is no success: exit code 3.
#[expect(clippy::print_stderr, reason = "trouble goes to standard error")]
pub(crate) fn say_nothing_checked(path: &Path, language: Language) {
    match language {
        Language::Zh => eprintln!("没有检查任何文件：{} 里除 evlint 自己的文件外什么都没有", path.display()),
        Language::En => eprintln!("nothing was checked: {} holds no file but evlint's own", path.display()),
    }
}
