//! Flags, as `--help` shows them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// 检查认证证明材料文件夹，赶在审核员之前指出缺什么、缺在哪、怎么补。
///
/// Lints a folder of audit evidence against the clauses of a certification standard.
#[derive(Debug, Parser)]
#[command(name = "evlint", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// 输出语言 (language of the output)
    #[arg(long, global = true, value_enum, default_value_t = Lang::Zh, value_name = "LANG")]
    pub(crate) lang: Lang,
    /// 是否用颜色 (when to use colour)
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 检查文件夹，报告差距 (check a folder and report its gaps)
    Check(Check),
    /// 说明一个条款、材料或问题类型，如 11、11.nda、missing-period (explain a clause, a material or a kind of finding)
    Explain(Explain),
    /// 说明一个文件被认作什么、为什么 (say what a file was taken for, and why)
    Why(Why),
    /// 把现有的问题记成基线，以后只报新的 (write the known findings down, so that only others are reported)
    Baseline(Baseline),
    /// 装上或去掉 git 提交钩子 (install or remove the git hook)
    Hook(Hook),
    /// 打印从文件里读出的文字及其位置 (print the text read from a file, with its places)
    Text(Text),
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// 证明材料文件夹 (the evidence folder)
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) version: Version,
    #[command(flatten)]
    pub(crate) known: Known,
    /// 只看这些文件本身的问题，不判断条款 (only what is wrong with these files as such; no clause is judged)
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["since", "update_baseline"])]
    pub(crate) files: Vec<PathBuf>,
    /// --files 里被忽略规则排除的、没有 evlint.json 管到的文件不看 (leave out those of --files that ignore patterns name or that no evlint.json speaks for)
    #[arg(long, requires = "files")]
    pub(crate) force_exclude: bool,
    /// 输出格式，可重复；NAME=FILE 写入文件 (output format, repeatable; NAME=FILE writes to a file)
    #[arg(long, value_name = "NAME[=FILE]")]
    pub(crate) format: Vec<String>,
    /// 出现这一级或更严重的问题时以 1 退出 (exit with 1 at findings of this severity or worse)
    #[arg(long, value_enum, default_value_t = Threshold::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: Threshold,
    /// 有问题也以 0 退出；运行不了仍是 2 (exit with 0 in spite of findings; 2 stays 2)
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// 只报告这一级或更严重的问题 (report only findings of this severity or worse)
    #[arg(long, value_enum, default_value_t = Least::Note, value_name = "SEVERITY")]
    pub(crate) min_severity: Least,
    /// 不识别图片里的文字 (do not read text from pictures)
    #[arg(long)]
    pub(crate) no_ocr: bool,
    /// 同时读取的文件数，默认用全部核 (files read at a time; as many as there are cores by default)
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
}

/// Which version of the folder is judged: the files on disk, the index, or a commit.
#[derive(Debug, Default, Args)]
pub(crate) struct Version {
    /// 检查暂存区，即提交后的样子，不看工作区的文件 (judge git's index, as the commit will be, not the files on disk)
    #[arg(long)]
    pub(crate) staged: bool,
    /// 检查一个提交，不看工作区的文件；REV:文件夹 指裸仓库里的证据 (judge a commit, not the files on disk)
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub(crate) commit: Option<String>,
}

/// What is known already and is not reported.
#[derive(Debug, Args)]
pub(crate) struct Known {
    /// 只报告基线里没有的问题 (report only what this baseline does not know)
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// 从基线里去掉已不再出现的问题 (drop from the baseline what is found no more)
    #[arg(long, requires = "baseline")]
    pub(crate) update_baseline: bool,
    /// 同时把新出现的问题记进基线 (write what is new into the baseline as well)
    #[arg(long, requires = "update_baseline")]
    pub(crate) accept_new: bool,
    /// 只报告这个提交里没有的问题 (report only what was not found in this commit)
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Baseline {
    /// 证明材料文件夹 (the evidence folder)
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// 写到哪里，默认是文件夹里的 evlint-baseline.json (where to write; evlint-baseline.json in the folder by default)
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) version: Version,
    /// 不识别图片里的文字 (do not read text from pictures)
    #[arg(long)]
    pub(crate) no_ocr: bool,
    /// 同时读取的文件数，默认用全部核 (files read at a time; as many as there are cores by default)
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
}

#[derive(Debug, Args)]
pub(crate) struct Hook {
    #[command(subcommand)]
    pub(crate) action: HookAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookAction {
    /// 写入 pre-commit 钩子：提交使证据变差时拦住 (write a pre-commit hook that stops a commit that makes the evidence worse)
    Install {
        /// 证明材料文件夹，可以几个 (evidence folders)
        #[arg(long, value_name = "PATH", num_args = 1.., default_value = ".")]
        path: Vec<PathBuf>,
    },
    /// 去掉 evlint 写入的钩子 (remove the hook that evlint wrote)
    Uninstall,
}

/// What judging depends on, beside the folder.
#[derive(Debug, Args)]
pub(crate) struct Judge {
    /// 申报级别 (the level applied for)
    #[arg(long, value_name = "ID")]
    pub(crate) level: Option<String>,
    /// 审核类型：initial 初审，surveillance 监审 (kind of audit)
    #[arg(long, value_name = "ID")]
    pub(crate) audit: Option<String>,
    /// 审核期 (the audited period), YYYY-MM-DD..YYYY-MM-DD
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) period: Option<String>,
    /// 按这一天判断，默认今天 (judge as of this day; today by default)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<jiff::civil::Date>,
    /// 规则包：内置的名字或文件夹 (rule pack: a built-in name or a folder)
    #[arg(long, value_name = "PACK")]
    pub(crate) rules: Option<PathBuf>,
    /// 配置文件，默认是文件夹里的 evlint.json (configuration file)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// 条款号、材料编号或问题类型 (clause, material or kind of finding)
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    /// 规则包：内置的名字或文件夹 (rule pack: a built-in name or a folder)
    #[arg(long, value_name = "PACK")]
    pub(crate) rules: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// 要说明的文件 (the file to explain)
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) judge: Judge,
    /// 不识别图片里的文字 (do not read text from pictures)
    #[arg(long)]
    pub(crate) no_ocr: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Text {
    /// 要读取的文件 (the file to read)
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// 输出格式 (output format)
    #[arg(long, value_enum, default_value_t = TextFormat::Text, value_name = "NAME")]
    pub(crate) format: TextFormat,
    /// 不识别图片里的文字 (do not read text from pictures)
    #[arg(long)]
    pub(crate) no_ocr: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Threshold {
    Error,
    Warning,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Least {
    Error,
    Warning,
    Note,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_flags_are_consistent() {
        super::Cli::command().debug_assert();
    }
}
