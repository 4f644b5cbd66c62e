//! Places, as a person would look for them.

use super::safe;
use crate::model::Place;
use crate::model::settings::Language;

/// `第 3 页`, `工作表“登记”C7`; None for the document as a whole.
#[must_use]
pub fn place(place: &Place, language: Language) -> Option<String> {
    Some(match language {
        Language::Zh => match place {
            Place::Whole => return None,
            Place::Page(page) => format!("第 {page} 页"),
            Place::Cell { sheet, cell } => format!("工作表“{}”{cell}", safe(sheet)),
            Place::Slide(slide) => format!("第 {slide} 张幻灯片"),
            Place::Paragraph(paragraph) => format!("第 {paragraph} 段"),
            Place::TableCell { table, row, column } => format!("表 {table} 第 {row} 行第 {column} 列"),
            Place::Line { line, column } => format!("第 {line} 行第 {column} 列"),
        },
        Language::En => match place {
            Place::Whole => return None,
            Place::Page(page) => format!("page {page}"),
            Place::Cell { sheet, cell } => format!("sheet “{}” {cell}", safe(sheet)),
            Place::Slide(slide) => format!("slide {slide}"),
            Place::Paragraph(paragraph) => format!("paragraph {paragraph}"),
            Place::TableCell { table, row, column } => format!("table {table} row {row} column {column}"),
            Place::Line { line, column } => format!("line {line} column {column}"),
        },
    })
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::model::CellRef;

    #[test]
    fn a_place_reads_as_a_person_would_say_it() {
        let n = |n| NonZeroU32::new(n).expect("from 1");
        let cell = CellRef { row: n(7), column: n(3) };
        for (at, zh, en) in [
            (Place::Page(n(3)), "第 3 页", "page 3"),
            (Place::Cell { sheet: "登记".into(), cell }, "工作表“登记”C7", "sheet “登记” C7"),
            (Place::Slide(n(2)), "第 2 张幻灯片", "slide 2"),
            (Place::Paragraph(n(12)), "第 12 段", "paragraph 12"),
            (
                Place::TableCell { table: n(2), row: n(3), column: n(1) },
                "表 2 第 3 行第 1 列",
                "table 2 row 3 column 1",
            ),
            (Place::Line { line: n(5), column: n(3) }, "第 5 行第 3 列", "line 5 column 3"),
        ] {
            assert_eq!(place(&at, Language::Zh).as_deref(), Some(zh));
            assert_eq!(place(&at, Language::En).as_deref(), Some(en));
        }
        assert_eq!(place(&Place::Whole, Language::Zh), None);
    }
}
