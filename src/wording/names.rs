//! Names of verdicts, statuses, severities, formats, and of the reasons why a file cannot be read.

use super::{pick, quote};
use crate::model::document::Extent;
use crate::model::pack::Words;
use crate::model::settings::Language;
use crate::model::{Confidence, FileFormat, Severity, Span, Status, Unreadable, Verdict};

/// `符合`, `不符合`…, as the self-assessment form says them.
#[must_use]
pub fn verdict(verdict: Verdict, language: Language) -> &'static str {
    match verdict {
        Verdict::Satisfied => pick(language, "符合", "satisfied"),
        Verdict::Unsatisfied => pick(language, "不符合", "unsatisfied"),
        Verdict::NeedsReview => pick(language, "需人工确认", "to confirm"),
        Verdict::NotApplicable => pick(language, "不适用", "n/a"),
        Verdict::Waived => pick(language, "已豁免", "waived"),
    }
}

/// Of a material: `齐全`, `不完整`….
#[must_use]
pub fn status(status: Status, language: Language) -> &'static str {
    match status {
        Status::Satisfied => pick(language, "齐全", "complete"),
        Status::Partial => pick(language, "不完整", "partial"),
        Status::Missing => pick(language, "缺少", "missing"),
        Status::NeedsReview => pick(language, "需人工确认", "to confirm"),
        Status::Waived => pick(language, "已豁免", "waived"),
    }
}

#[must_use]
pub fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Error => pick(language, "错误", "error"),
        Severity::Warning => pick(language, "警告", "warning"),
        Severity::Note => pick(language, "提示", "note"),
    }
}

/// How sure we are: `把握大`….
#[must_use]
pub fn confidence(confidence: Confidence, language: Language) -> &'static str {
    match confidence {
        Confidence::High => pick(language, "把握大", "sure"),
        Confidence::Medium => pick(language, "较有把握", "fairly sure"),
        Confidence::Low => pick(language, "把握小", "unsure"),
    }
}

/// `Word 文档`, `扫描图片（PNG）`….
#[must_use]
pub fn format(format: FileFormat, language: Language) -> &'static str {
    match format {
        FileFormat::Docx => pick(language, "Word 文档（docx）", "Word document (docx)"),
        FileFormat::Xlsx => pick(language, "Excel 工作簿（xlsx）", "Excel workbook (xlsx)"),
        FileFormat::Pptx => pick(language, "PowerPoint 演示文稿（pptx）", "PowerPoint slides (pptx)"),
        FileFormat::Doc => pick(language, "旧版 Word 文档（doc）", "old Word document (doc)"),
        FileFormat::Xls => pick(language, "旧版 Excel 工作簿（xls）", "old Excel workbook (xls)"),
        FileFormat::Ppt => pick(language, "旧版 PowerPoint 演示文稿（ppt）", "old PowerPoint slides (ppt)"),
        FileFormat::Odt => pick(language, "OpenDocument 文档（odt）", "OpenDocument text (odt)"),
        FileFormat::Ods => pick(language, "OpenDocument 表格（ods）", "OpenDocument sheets (ods)"),
        FileFormat::Odp => pick(language, "OpenDocument 演示文稿（odp）", "OpenDocument slides (odp)"),
        FileFormat::Ofd => pick(language, "OFD 版式文件", "OFD document"),
        FileFormat::Vsdx => pick(language, "Visio 绘图（vsdx）", "Visio drawing (vsdx)"),
        FileFormat::Rtf => pick(language, "RTF 文档", "RTF document"),
        FileFormat::Pdf => pick(language, "PDF 文件", "PDF document"),
        FileFormat::Csv => pick(language, "CSV 表格", "CSV table"),
        FileFormat::Text => pick(language, "纯文本", "plain text"),
        FileFormat::Markdown => pick(language, "Markdown 文本", "Markdown text"),
        FileFormat::Html => pick(language, "网页（HTML）", "HTML page"),
        FileFormat::Xml => pick(language, "XML 文件", "XML file"),
        FileFormat::Eml => pick(language, "邮件（eml）", "mail (eml)"),
        FileFormat::Msg => pick(language, "Outlook 邮件（msg）", "Outlook mail (msg)"),
        FileFormat::Zip => pick(language, "ZIP 压缩包", "ZIP archive"),
        FileFormat::SevenZip => pick(language, "7z 压缩包", "7z archive"),
        FileFormat::Rar => pick(language, "RAR 压缩包", "RAR archive"),
        FileFormat::Png => pick(language, "图片（PNG）", "picture (PNG)"),
        FileFormat::Jpeg => pick(language, "图片（JPEG）", "picture (JPEG)"),
        FileFormat::Tiff => pick(language, "图片（TIFF）", "picture (TIFF)"),
        FileFormat::Bmp => pick(language, "图片（BMP）", "picture (BMP)"),
        FileFormat::Heic => pick(language, "图片（HEIC）", "picture (HEIC)"),
        FileFormat::Gif => pick(language, "图片（GIF）", "picture (GIF)"),
        FileFormat::Ole => pick(language, "其他复合文档（OLE）", "other compound file (OLE)"),
        FileFormat::LfsPointer => pick(language, "Git LFS 指针", "Git LFS pointer"),
        FileFormat::Empty => pick(language, "空文件", "empty file"),
        FileFormat::Unknown => pick(language, "未知格式", "unknown format"),
    }
}

/// Why a file cannot be read, as a phrase that follows «读不出：».
#[must_use]
pub fn unreadable(why: &Unreadable, format_of: FileFormat, language: Language) -> String {
    let plain = match why {
        Unreadable::Empty => pick(language, "文件是空的", "the file is empty"),
        Unreadable::Encrypted => pick(language, "有打开密码", "it asks for a password"),
        Unreadable::Corrupt { .. } => pick(language, "文件已损坏", "the file is damaged"),
        Unreadable::LfsPointer => {
            pick(language, "只有 Git LFS 指针，内容没有取下来", "only its Git LFS pointer is here")
        }
        Unreadable::Unsupported => {
            return match language {
                Language::Zh => format!("不支持这种格式（{}）", format(format_of, language)),
                Language::En => format!("this format is not supported ({})", format(format_of, language)),
            };
        }
        Unreadable::PictureOnly => pick(language, "只有图片，没有文字", "it is pictures only, without text"),
        Unreadable::Garbled => pick(language, "文字是乱码", "its text comes out garbled"),
        Unreadable::Denied { .. } => pick(language, "没有读取权限", "reading it was refused"),
        Unreadable::Locked => pick(language, "正被其他程序打开", "another program holds it open"),
        Unreadable::Limit { limit } => {
            return match language {
                Language::Zh => format!("超出读取上限（{}）", quote(limit)),
                Language::En => format!("it exceeds a limit ({})", quote(limit)),
            };
        }
        Unreadable::Fault { .. } => pick(language, "读取时 evlint 出错", "evlint failed while reading it"),
    };
    plain.to_owned()
}

/// What to do about a file that cannot be read.
#[must_use]
pub fn unreadable_help(why: &Unreadable, format: FileFormat, language: Language) -> &'static str {
    match why {
        Unreadable::Unsupported if matches!(format, FileFormat::Zip | FileFormat::SevenZip | FileFormat::Rar) => {
            pick(language, "解压后放入其中的文件。", "Unpack it and put the files here.")
        }
        Unreadable::Empty => pick(language, "放入有内容的版本。", "Put the version with content here."),
        Unreadable::Encrypted => {
            pick(language, "去掉打开密码后重新放入。", "Remove the password and put the file here again.")
        }
        Unreadable::Corrupt { .. } => pick(
            language,
            "用原来的程序打开，另存或重新导出后放入。",
            "Open it in its own program, save or export it anew, and put that here.",
        ),
        Unreadable::LfsPointer => {
            pick(language, "运行 `git lfs pull` 取下内容。", "Run `git lfs pull` to bring its content here.")
        }
        Unreadable::Unsupported => {
            pick(language, "另存为 docx、xlsx 或 PDF 后放入。", "Save it as docx, xlsx or PDF and put that here.")
        }
        Unreadable::PictureOnly if format == FileFormat::Heic => pick(
            language,
            "手机照片（HEIC）：另存为 JPG 后放入；或装上 libheif 的 heif-convert 和 tesseract，就能直接读。",
            "A telephone's picture (HEIC): save it as JPEG and put that here; or install libheif's heif-convert and tesseract to have it read.",
        ),
        Unreadable::PictureOnly => pick(
            language,
            "安装 tesseract 及其中文语言包（chi_sim）后重新检查，或放入带文字的版本；也可自己看过后在 evlint.json 的 confirmations 写明。",
            "Install tesseract with its Chinese data (chi_sim) and check again, or put a version with text here; or look at it and confirm it in evlint.json.",
        ),
        Unreadable::Garbled => pick(
            language,
            "从原文件重新导出 PDF（嵌入字体），或放入原文件。",
            "Export the PDF anew with its fonts embedded, or put the original file here.",
        ),
        Unreadable::Denied { .. } => {
            pick(language, "检查文件的读取权限后重试。", "Check the file's permissions and try again.")
        }
        Unreadable::Locked => {
            pick(language, "关闭打开它的程序后重试。", "Close the program that holds it and try again.")
        }
        Unreadable::Limit { .. } => {
            pick(language, "拆成较小的文件后放入。", "Split it into smaller files and put those here.")
        }
        Unreadable::Fault { .. } => pick(
            language,
            "请人工查看这份文件，并把情况报告给 evlint。",
            "Look at the file yourself, and report this to evlint.",
        ),
    }
}

/// `12 页`, `3 个工作表`, `20 张幻灯片`.
#[must_use]
pub fn extent(extent: Extent, language: Language) -> String {
    match (extent, language) {
        (Extent::Pages(n), Language::Zh) => format!("{n} 页"),
        (Extent::Sheets(n), Language::Zh) => format!("{n} 个工作表"),
        (Extent::Slides(n), Language::Zh) => format!("{n} 张幻灯片"),
        (Extent::Pages(n), Language::En) => format!("{n} page{}", plural(n as usize)),
        (Extent::Sheets(n), Language::En) => format!("{n} sheet{}", plural(n as usize)),
        (Extent::Slides(n), Language::En) => format!("{n} slide{}", plural(n as usize)),
    }
}

/// `2025-01-01 至 2025-12-31`.
#[must_use]
pub fn span(span: Span, language: Language) -> String {
    format!("{} {} {}", span.from, pick(language, "至", "to"), span.to)
}

/// The pack's word in this language; the pack's own where it has no other.
#[must_use]
pub fn words(words: &Words, language: Language) -> &str {
    match language {
        Language::En if !words.en.is_empty() => &words.en,
        _ => &words.zh,
    }
}

pub(crate) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
