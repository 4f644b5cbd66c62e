//! The version a document gives for itself, on its cover, in the table that heads it, or in its name.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::pack::Vocabulary;

use super::super::view::{Role, View, any};
use super::draft::{COVER, HEAD, is_version};

/// What a version looks like, in normalised text: `v1.2`, `a/0`, `第2版`, `2.0`.
const SHAPE: &str = r"v\d+(?:\.\d+){0,3}|[a-z]/?\d{1,2}(?:\.\d+)?|第[\d一二三四五六七八九十]+版|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?版?|\d{1,2}版";

static VALUE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"^:?({SHAPE})(?:\(.*)?$")).expect("a pattern of this file compiles"));
static IN_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^a-z])(v\d+(?:\.\d+){0,3})|\(([a-z]/?\d{1,2})\)|(第[\d一二三四五六七八九十]+版)")
        .expect("a pattern of this file compiles")
});

/// Behind a label of the version, else in the file's name; `name` is normalised. Upper case.
pub(in crate::matching) fn version(view: &View, name: &str, vocabulary: &Vocabulary) -> Option<String> {
    let value = |text: &str| VALUE.captures(text).map(|found| found[1].to_uppercase());
    let labelled = |text: &str| {
        let (label, rest) = text.split_once(':')?;
        if is_version(label, vocabulary) { value(rest) } else { None }
    };
    let mut lines = view.lines.iter().filter(|line| line.role != Role::Contents).take(COVER);
    let in_text = lines.find_map(|line| labelled(&line.text));
    let heads = || view.tables.iter().filter(|table| table.block < HEAD);
    let in_captions = || heads().flat_map(|table| &table.caption).find_map(|line| labelled(&line.text));
    let in_cells = || {
        heads().find_map(|table| {
            let header: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
            let rows = table.rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>());
            // A history of versions has them in a column: the label's neighbour is another label.
            std::iter::once(header).chain(rows).find_map(|row| {
                let pair =
                    row.windows(2).find(|pair| any(&vocabulary.versions, pair[0]) && is_version(pair[0], vocabulary));
                pair.and_then(|pair| value(pair[1])).or_else(|| row.iter().find_map(|text| labelled(text)))
            })
        })
    };
    let in_name = || {
        let found = IN_NAME.captures_iter(name).last()?;
        (1..=3).find_map(|group| found.get(group)).map(|part| part.as_str().to_uppercase())
    };
    in_text.or_else(in_captions).or_else(in_cells).or_else(in_name)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_document_says_its_version_or_its_name_does() {
        let pack = sample::pack();
        for (text, name, expected) in [
            ("# 方案\n版    本：V1.2\n正文", "方案", Some("V1.2")),
            ("# 预案\n|文件编号|A-1|版次|A/0\n|批准|张三|批准日期|2025-01-01", "预案v9", Some("A/0")),
            ("# 预案\n版本：第2版（报批稿）\n正文", "预案", Some("第2版")),
            ("# 预案\n|版本|日期|说明\n|V0.1|2024-01-05|初稿", "预案(a1)", Some("A1")),
            ("# 预案\n正文", "安全运维服务方案v1.1-盖章", Some("V1.1")),
            ("# 预案\n版本：见封底\n正文", "ipv6改造方案", None),
            ("# 预案\n正文", "巡检记录2025-01", None),
        ] {
            let view = View::of(&sample::document(text), &pack.vocabulary);
            assert_eq!(version(&view, name, &pack.vocabulary).as_deref(), expected, "{text} {name}");
        }
    }
}
