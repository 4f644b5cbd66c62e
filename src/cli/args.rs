//! Flags, as `--help` shows them.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use evlint::report::FORMATS;

/// What `--help` of `check` and the manual say of exit codes.
const EXIT_CODES: &str = "退出码 (exit codes):
  0  没有达到 --fail-on 的问题 (nothing at or above --fail-on)
  1  有问题 (findings)
  2  运行不了：参数、配置、规则包或文件夹有误 (cannot run: flags, configuration, pack or folder)
  3  什么都没有检查 (nothing was checked)";

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

#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// 输出语言 (language of the output)
    #[arg(long, global = true, value_enum, default_value_t = Lang::Zh, value_name = "LANG")]
    pub(crate) lang: Lang,
    /// 是否用颜色 (when to use colour)
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    /// 用这个文件夹里的 PP-OCR 模型识别图片，不用 tesseract (read pictures with the PP-OCR models in this folder, not with tesseract)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) ocr_models: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 检查文件夹，报告差距 (check a folder and report its gaps)
    Check(Check),
    /// 官方自评估表：填写或检查 (the standard's own form: fill or check it)
    #[command(subcommand)]
    Form(Form),
    /// 审核资料册：按条款整理材料，附索引、自评估表、报告和哈希清单 (the auditor's binder: evidence by clause, index, form, report, hashes)
    Bundle(Bundle),
    /// 建立证明材料文件夹：每个条款一个文件夹和说明，以及 evlint.json (an evidence folder to begin with)
    Init(Init),
    /// 说明一个条款、材料或问题类型，如 11、11.nda、missing-period (explain a clause, a material or a kind of finding)
    Explain(Explain),
    /// 说明一个文件被认作什么、为什么 (say what a file was taken for, and why)
    Why(Why),
    /// 把现有的问题记成基线，以后只报新的 (write the known findings down, so that only others are reported)
    Baseline(Baseline),
    /// 装上或去掉 git 提交钩子 (install or remove the git hook)
    Hook(Hook),
    /// 缓存：以前读文件的结果 (the cache: what earlier runs found in files)
    #[command(subcommand)]
    Cache(CacheAction),
    /// 打印从文件里读出的文字及其位置 (print the text read from a file, with its places)
    Text(Text),
    /// 打印命令行补全脚本 (print a script that completes commands in a shell)
    Completions(Completions),
    /// 打印手册页，供 man 阅读 (print the manual, for man)
    Man(Man),
}

#[derive(Debug, Args)]
#[command(after_long_help = EXIT_CODES)]
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
    #[arg(long, value_name = "NAME[=FILE]", value_parser = FormatName)]
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
    #[command(flatten)]
    pub(crate) read: Read,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Form {
    /// 按检查结果填写自评估表 (fill the form by what a check finds)
    Fill(FormFill),
    /// 检查人填写的自评估表 (check a form that a person filled)
    Check(FormCheck),
}

#[derive(Debug, Args)]
pub(crate) struct FormFill {
    /// 证明材料文件夹 (the evidence folder)
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// 写到这个文件，.docx 或 .xlsx (write to this file)
    #[arg(long, value_name = "FILE", required_unless_present = "update")]
    pub(crate) out: Option<PathBuf>,
    /// 更新已有的表，人写的内容不动；没有 --out 时写回原文件 (update a form, keep what people wrote in it)
    #[arg(long, value_name = "FILE")]
    pub(crate) update: Option<PathBuf>,
    /// 文件已存在也写 (write even if the file exists)
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) read: Read,
}

#[derive(Debug, Args)]
pub(crate) struct FormCheck {
    /// 填好的自评估表 (the filled form)
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// 证明材料文件夹 (the evidence folder)
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// 输出格式 (output format)
    #[arg(long, value_enum, default_value_t = TextFormat::Text, value_name = "NAME")]
    pub(crate) format: TextFormat,
    /// 出现这一级或更严重的问题时以 1 退出 (exit with 1 at findings of this severity or worse)
    #[arg(long, value_enum, default_value_t = Threshold::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: Threshold,
    /// 有问题也以 0 退出；运行不了仍是 2 (exit with 0 in spite of findings; 2 stays 2)
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) read: Read,
}

#[derive(Debug, Args)]
pub(crate) struct Bundle {
    /// 证明材料文件夹 (the evidence folder)
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// 写到这个新文件夹，或这个新的 .zip (write to this new folder or new .zip)
    #[arg(long, value_name = "DIR|ZIP", required_unless_present = "verify")]
    pub(crate) out: Option<PathBuf>,
    /// 用于几个条款的文件在各条款各存一份 (copy a file that serves several clauses into each)
    #[arg(long)]
    pub(crate) copy: bool,
    /// 核对一个资料册：缺少、改动、多出的文件 (check a binder: missing, changed and extra files)
    #[arg(long, value_name = "DIR|ZIP", conflicts_with_all = ["path", "out", "copy"])]
    pub(crate) verify: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judge: Judge,
    #[command(flatten)]
    pub(crate) read: Read,
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
    #[command(flatten)]
    pub(crate) read: Read,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// 在这个文件夹里建立，没有就新建 (in this folder, made if it is not there)
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// 申报级别 (the level applied for)
    #[arg(long, value_name = "ID")]
    pub(crate) level: Option<String>,
    /// 审核类型：initial 初审，surveillance 监审 (kind of audit)
    #[arg(long, value_name = "ID")]
    pub(crate) audit: Option<String>,
    /// 组织名称 (the organisation's name)
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// 审核期 (the audited period), YYYY-MM-DD..YYYY-MM-DD
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) period: Option<String>,
    /// 项目名称，可重复；两个以上时各有一个文件夹 (a project, repeatable; several get a folder each)
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Vec<String>,
    /// 规则包：内置的名字或文件夹 (rule pack: a built-in name or a folder)
    #[arg(long, value_name = "PACK")]
    pub(crate) rules: Option<PathBuf>,
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
        #[command(flatten)]
        cache: CacheFlags,
    },
    /// 去掉 evlint 写入的钩子 (remove the hook that evlint wrote)
    Uninstall,
}

/// How files are read.
#[derive(Debug, Args)]
pub(crate) struct Read {
    /// 不识别图片里的文字 (do not read text from pictures)
    #[arg(long)]
    pub(crate) no_ocr: bool,
    /// 同时读取的文件数，默认用全部核 (files read at a time; as many as there are cores by default)
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    pub(crate) cache: CacheFlags,
}

/// What earlier runs found in files.
#[derive(Debug, Args)]
pub(crate) struct CacheFlags {
    /// 不用缓存，全部重新读取 (read every file anew, and keep nothing)
    #[arg(long, overrides_with_all = ["no_cache", "cache_dir"])]
    pub(crate) no_cache: bool,
    /// 缓存文件夹，默认在用户的缓存目录里 (where findings are kept between runs; in the user's cache folder by default)
    #[arg(long, value_name = "DIR", overrides_with_all = ["no_cache", "cache_dir"])]
    pub(crate) cache_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheAction {
    /// 缓存在哪里、多大、上限多少 (where the cache is, how large, and its limit)
    Info(CacheFolder),
    /// 清空缓存 (throw away what is kept)
    Clean(CacheFolder),
}

#[derive(Debug, Args)]
pub(crate) struct CacheFolder {
    /// 缓存文件夹，默认在用户的缓存目录里 (in the user's cache folder by default)
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
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
    #[command(flatten)]
    pub(crate) read: Read,
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

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// 哪一种 shell (which shell)
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// 只要这个子命令的手册 (the page of this subcommand)
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub(crate) command: Option<String>,
    /// 把全部手册页写进这个文件夹 (write every page into this folder)
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// Takes any text, for `NAME=FILE` is one; lists the formats for help, manual and completions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormatName;

impl TypedValueParser for FormatName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FORMATS.iter().map(|format| PossibleValue::new(format.name()).help(format.about()))))
    }
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
