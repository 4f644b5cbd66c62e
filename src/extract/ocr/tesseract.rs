//! The program `tesseract`, or one that takes its arguments: a picture on standard input, words with places and
//! confidences as tab-separated lines on standard output. Nothing is written to disk.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use super::super::layout::{self, Run, Spot};
use super::{Seen, told, wait};

/// Bytes that the program may write for a page.
const MAX_OUTPUT: u64 = 16 << 20;
/// A gap between words of more than this many line heights is one that the writer put there.
const WORD_GAP: f32 = 0.8;
/// The same behind the number of a section.
const NUMBER_GAP: f32 = 0.35;

/// What the program sees, by page; `None` where it fails or takes too long.
pub(super) fn read(program: &Path, languages: &[String], picture: &[u8]) -> Option<Vec<Seen>> {
    told(run(program, languages, picture)).map(|output| all(&output))
}

/// None where it says that it cannot read this picture.
fn run(program: &Path, languages: &[String], picture: &[u8]) -> io::Result<Option<String>> {
    let mut child = Command::new(program)
        .args(["stdin", "stdout", "-l", &languages.join("+"), "--psm", "3", "tsv"])
        // Files are read side by side already, and one thread gives the same result each time.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let pipes = child.stdin.take().zip(child.stdout.take());
    let (input, output) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut input = input;
            // A program that has seen enough closes its end.
            let _ = input.write_all(picture);
        });
        let reader = scope.spawn(move || {
            let mut text = Vec::new();
            output.take(MAX_OUTPUT).read_to_end(&mut text).ok().map(|_| text)
        });
        let ended = wait(&mut child, &|| reader.is_finished())?;
        let text = reader.join().ok().flatten().filter(|_| ended);
        Ok(text.and_then(|text| String::from_utf8(text).ok()))
    })
}

/// One for each page.
fn all(output: &str) -> Vec<Seen> {
    let (head, rows) = output.split_once('\n').unwrap_or((output, ""));
    let mut pages: Vec<String> = Vec::new();
    for row in rows.lines() {
        if row.starts_with("1\t") || pages.is_empty() {
            pages.push(format!("{head}\n"));
        }
        if let Some(page) = pages.last_mut() {
            page.push_str(row);
            page.push('\n');
        }
    }
    pages.iter().map(|page| of(page)).collect()
}

/// Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. Level 1
/// is the page, 4 a line, 5 a word of the line above it.
fn of(output: &str) -> Seen {
    let mut seen = Seen::default();
    let (mut sum, mut characters, mut end) = (0.0, 0.0, 0.0);
    for row in output.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let number = |index: usize| fields.get(index).and_then(|field| field.parse::<f32>().ok()).unwrap_or_default();
        let (left, top, width, height) = (number(6), number(7), number(8), number(9));
        match fields.first() {
            Some(&"1") => seen.height = height,
            Some(&"4") => {
                let spot = Spot { left, right: left + width, y: top + height, size: height, bold: false };
                seen.runs.push(Run { text: String::new(), spot });
            }
            Some(&"5") => {
                let (Some(line), Some(word)) = (seen.runs.last_mut(), fields.get(11)) else { continue };
                let length = word.chars().count() as f32;
                sum += number(10) * length;
                characters += length;
                // A value behind its label, or a section's name behind its number.
                let is_number = line.text.chars().all(|c| c.is_ascii_digit() || c == '.');
                let gap = if is_number { NUMBER_GAP } else { WORD_GAP };
                let apart = !line.text.is_empty() && left - end > gap * line.spot.size;
                line.text = if apart { format!("{} {word}", line.text) } else { layout::joined(&line.text, word) };
                end = left + width;
            }
            _ => {}
        }
    }
    seen.confidence = if characters > 0.0 { sum / characters } else { 0.0 };
    seen.even_out();
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

    #[test]
    fn words_become_lines_with_a_mean_confidence() {
        let output = format!(
            "{HEAD}1\t1\t0\t0\t0\t0\t0\t0\t1000\t1400\t-1\t\n4\t1\t1\t1\t1\t0\t90\t160\t240\t20\t-1\t\n\
             5\t1\t1\t1\t1\t1\t90\t160\t40\t20\t90\t合同\n5\t1\t1\t1\t1\t2\t140\t160\t40\t20\t60\t编号\n\
             4\t1\t1\t1\t2\t0\t90\t200\t240\t24\t-1\t\n5\t1\t1\t1\t2\t1\t90\t200\t40\t20\t75\tMonthly\n\
             5\t1\t1\t1\t2\t2\t90\t200\t40\t20\t75\treport\n"
        );
        let table = of(&output);
        let texts: Vec<&str> = table.runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["合同编号", "Monthly report"]);
        assert!((table.confidence - 75.0).abs() < 0.01, "{}", table.confidence);
        assert!((table.runs[0].spot.size - table.runs[1].spot.size).abs() < 0.01);
        // Lines of 24 become 10 high, and the page with them.
        assert!((table.height - 1400.0 * 10.0 / 24.0).abs() < 0.01, "{}", table.height);
    }
}
