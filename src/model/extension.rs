//! What a file's extension promises about its content.

use super::FileFormat;

impl FileFormat {
    /// The extension promises another format than the bytes hold. Extensions without a promise
    /// (`.tmp`, `.bak`, none) clash with nothing.
    #[must_use]
    pub fn clashes_with(self, extension: &str) -> bool {
        let promised = Self::promised_by(extension);
        let unknown = matches!(self, Self::Empty | Self::LfsPointer | Self::Unknown | Self::Ole);
        !promised.is_empty() && !unknown && !promised.contains(&self)
    }

    /// The format an extension stands for first of all.
    #[must_use]
    pub fn by_extension(extension: &str) -> Self {
        Self::promised_by(extension).first().copied().unwrap_or(Self::Unknown)
    }

    /// The formats that may rightly carry an extension. WPS writes either generation of Office's
    /// formats under its own extensions; any text may be called `.txt`.
    #[must_use]
    pub fn promised_by(extension: &str) -> &'static [Self] {
        use FileFormat as F;
        match extension {
            "docx" | "docm" | "dotx" | "dotm" => &[F::Docx],
            "xlsx" | "xlsm" | "xltx" | "xltm" => &[F::Xlsx],
            "pptx" | "pptm" | "ppsx" | "potx" => &[F::Pptx],
            "doc" | "dot" => &[F::Doc],
            "xls" | "xlt" => &[F::Xls],
            "ppt" | "pps" | "pot" => &[F::Ppt],
            "wps" | "wpt" => &[F::Doc, F::Docx],
            "et" | "ett" => &[F::Xls, F::Xlsx],
            "dps" | "dpt" => &[F::Ppt, F::Pptx],
            "odt" => &[F::Odt],
            "ods" => &[F::Ods],
            "odp" => &[F::Odp],
            "ofd" => &[F::Ofd],
            "vsdx" => &[F::Vsdx],
            "rtf" => &[F::Rtf],
            "pdf" => &[F::Pdf],
            "csv" | "tsv" => &[F::Csv],
            "txt" | "text" | "log" => &[F::Text, F::Markdown, F::Csv, F::Xml, F::Html, F::Eml],
            "md" | "markdown" => &[F::Markdown],
            "html" | "htm" | "xhtml" => &[F::Html],
            "xml" => &[F::Xml, F::Html],
            "eml" | "mht" | "mhtml" => &[F::Eml],
            "msg" => &[F::Msg],
            "zip" => &[F::Zip],
            "7z" => &[F::SevenZip],
            "rar" => &[F::Rar],
            "png" => &[F::Png],
            "jpg" | "jpeg" | "jpe" | "jfif" => &[F::Jpeg],
            "tif" | "tiff" => &[F::Tiff],
            "bmp" | "dib" => &[F::Bmp],
            "heic" | "heif" => &[F::Heic],
            "gif" => &[F::Gif],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_clash_only_with_other_formats() {
        for (extension, format, clash) in [
            ("xls", FileFormat::Html, true),
            ("doc", FileFormat::Docx, true),
            ("pdf", FileFormat::Jpeg, true),
            ("wps", FileFormat::Doc, false),
            ("docm", FileFormat::Docx, false),
            ("htm", FileFormat::Html, false),
            ("log", FileFormat::Text, false),
            ("conf", FileFormat::Text, false),
            ("bak", FileFormat::Doc, false),
            ("docx", FileFormat::Zip, true),
            ("wps", FileFormat::Ole, false),
        ] {
            assert_eq!(format.clashes_with(extension), clash, "{extension}");
        }
    }
}
