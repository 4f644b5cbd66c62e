//! Why the program could not do what it was asked, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

use evlint::config::ConfigError;
use evlint::model::settings::Language;
use evlint::report::FORMATS;
use evlint::rules::PackError;
use evlint::tree::TreeError;
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

    #[error("开不了线程 (cannot start threads)")]
    #[diagnostic(code(evlint::threads), help("用 --jobs 1 再试 (try --jobs 1)"))]
    Threads { source: rayon::ThreadPoolBuildError },
}

impl CliError {
    pub(crate) fn tree(error: TreeError) -> Self {
        Self::Tree(Box::new(error))
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
