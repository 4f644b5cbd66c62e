//! A version that calls itself a draft, on a cover or in the table that heads a document.

use crate::model::document::Place;
use crate::model::pack::Vocabulary;

use super::super::view::{CellView, Role, View, any};

/// Lines from the top that belong to a cover.
pub(super) const COVER: usize = 16;
/// A version's value, and a cover line that is nothing but the mark of a draft, are no longer; in
/// characters.
const VALUE: usize = 16;
/// Blocks from the top among which the table stands that heads a document.
pub(super) const HEAD: usize = 12;

/// The label of a version is no longer, in characters.
const LABEL: usize = 8;

/// What parts a label from what stands before it.
const PARTS: [char; 4] = [':', ',', ';', '。'];

/// The mark of a draft before what else a line says is no longer, in characters.
const MARK: usize = 6;

/// Where a label of the version or state says draft: `版本: 送审稿`.
pub(in crate::matching) fn draft(view: &View, vocabulary: &Vocabulary) -> Option<Place> {
    let short = |text: &str| text.chars().count() <= VALUE;
    let says_draft = |value: &str| short(value) && any(&vocabulary.drafts, value);
    // Several labels may share a line: 版本:送审稿 状态:待审核.
    let labelled = |text: &str| {
        text.match_indices(':').any(|(at, _)| {
            let before: Vec<char> = text[..at].chars().rev().take_while(|c| !PARTS.contains(c)).take(LABEL).collect();
            let value: String = text[at + 1..].chars().take_while(|c| *c != ':').take(VALUE).collect();
            is_version(&before.iter().rev().collect::<String>(), vocabulary) && says_draft(&value)
        })
    };
    let lines = view.lines.iter().filter(|line| line.role != Role::Contents).take(COVER);
    // 草稿,未评审,请勿外发, in a line of its own.
    let noted = |text: &str| {
        text.split([',', '。', '(']).next().is_some_and(|mark| mark.chars().count() <= MARK && says_draft(mark))
    };
    let in_text = lines.filter(|line| labelled(&line.text) || noted(&line.text)).map(|line| &line.place).next();
    let heads = || view.tables.iter().filter(|table| table.block < HEAD);
    let in_captions = || heads().flat_map(|table| &table.caption).find(|line| labelled(&line.text));
    let in_cells = || {
        heads().find_map(|table| {
            let header: Vec<CellView> = table
                .columns
                .iter()
                .map(|column| CellView {
                    text: column.header.clone(),
                    place: column.place.clone(),
                    filled: true,
                    head: None,
                })
                .collect();
            let pair = |row: &[CellView]| {
                row.windows(2)
                    .find(|pair| is_version(&pair[0].text, vocabulary) && says_draft(&pair[1].text))
                    .map(|pair| pair[1].place.clone())
            };
            let label = |row: &[CellView]| row.iter().find(|cell| labelled(&cell.text)).map(|cell| cell.place.clone());
            std::iter::once(&header).chain(&table.rows).find_map(|row| pair(row).or_else(|| label(row)))
        })
    };
    in_text.cloned().or_else(|| in_captions().map(|line| line.place.clone())).or_else(in_cells)
}

pub(super) fn is_version(label: &str, vocabulary: &Vocabulary) -> bool {
    label.chars().count() <= LABEL && any(&vocabulary.versions, label)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_version_that_says_draft_is_one() {
        let pack = sample::pack();
        for (text, is) in [
            ("# 服务级别协议\n版    本：送审稿\n正文", true),
            ("# 预案\n|文件代号|A-1|版次|第1版（报批稿）\n|批准||批准日期|", true),
            ("# 预案\n|版本：V1.0（征求意见稿）|密级：内部", true),
            ("# 协议\n版本：送审稿 V0.3　状态：待客户法务审核\n正文", true),
            ("# 协议\n编号：A-1　状态：待客户法务审核、待双方批准\n正文", true),
            ("# 预案\n版本：V1.0\n正文", false),
            ("# 台账\n版本：V1.0　说明：本表由各部门报送，初稿不入册\n正文", false),
            // What a history says of an older version.
            ("# 预案\n|版本|日期|说明\n|V0.1|2024-01-05|初稿\n|V1.0|2024-02-01|正式发布", false),
            ("# 流程\n第一步：编写初稿，交审核人。", false),
        ] {
            let view = View::of(&sample::document(text), &pack.vocabulary);
            assert_eq!(draft(&view, &pack.vocabulary).is_some(), is, "{text}");
        }
    }
}
