//! Passwords and keys in plain text. Finds where one stands and forgets what it is.
//!
//! Text comes without white space and in lower case, so a value is known by what stands before it
//! and by being no word: letters with digits or signs, or digits enough.

use crate::model::document::Place;
use crate::model::pack::Secrets;

use super::super::view::{TableView, View, any};
use super::{Observation, Piece};

/// Shorter values are numbers and abbreviations; in characters.
const SHORTEST: usize = 4;
/// Without a sign that a value follows, a password must be longer and odder; in characters.
const SHORTEST_BARE: usize = 6;
/// Fewer digits alone are a count or a year.
const DIGITS: usize = 6;

/// The first secret of a document.
pub(super) fn first(view: &View, pieces: &[Piece<'_>], secrets: &Secrets) -> Option<Observation> {
    let in_text = || pieces.iter().find(|piece| in_text(piece.text, secrets)).map(|piece| piece.place.clone());
    let in_tables = || view.tables.iter().find_map(|table| in_table(table, secrets).into_iter().next());
    in_text().or_else(in_tables).map(|place| Observation::Secret { place })
}

/// Whether a piece is or holds a secret: nothing of it may be quoted.
pub(super) fn is_in(view: &View, piece: &Piece<'_>, secrets: &Secrets) -> bool {
    let in_tables = || view.tables.iter().flat_map(|table| in_table(table, secrets));
    in_text(piece.text, secrets) || in_tables().any(|place| place == *piece.place)
}

fn in_text(text: &str, secrets: &Secrets) -> bool {
    secrets
        .lines
        .iter()
        .any(|line| line.regex().find_iter(text).any(|found| !any(&secrets.harmless, last_word(found.as_str()))))
        || labels(text, secrets).any(|end| behind(text, end, secrets))
        || with_account(text, secrets)
}

fn last_word(found: &str) -> &str {
    found.rsplit(['=', ':', '\'', '"']).next().unwrap_or(found)
}

/// Where in a text names of secrets end, but for those inside longer words that name none.
fn labels<'t>(text: &'t str, secrets: &'t Secrets) -> impl Iterator<Item = usize> + 't {
    let found = secrets.labels.iter().flat_map(move |label| label.regex().find_iter(text));
    let inside = move |start: usize, end: usize| {
        let longer = secrets.not_labels.iter().flat_map(move |word| word.regex().find_iter(text));
        longer.into_iter().any(|longer| longer.start() <= start && end <= longer.end())
    };
    found.filter(move |found| !inside(found.start(), found.end())).map(|found| found.end())
}

/// `密码: Abc@123`, `password=…`; without a colon only what can be nothing else.
fn behind(text: &str, label: usize, secrets: &Secrets) -> bool {
    let rest = &text[label..];
    let open = rest.trim_start_matches(['为', '是', '\'', '"', '“', '”', ')']);
    let value = open.trim_start_matches([':', '=']).trim_start_matches(['\'', '"', '“']);
    let told = value.len() < rest.len() && (open.starts_with([':', '=']) || rest.starts_with(['为', '是']));
    let token = token(value);
    let measured =
        value[token.len()..].starts_with(['位', '个', '天', '日', '次', '月', '年', '种', '类', '字', '分', '小']);
    if token.chars().all(|c| c.is_ascii_digit()) && measured {
        return false;
    }
    if told { is_secret(token, secrets) } else { rest.len() == value.len() && is_plainly_secret(token, secrets) }
}

/// The printable ASCII characters that a text starts with.
fn token(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_graphic()).unwrap_or(text.len());
    text[..end].trim_end_matches([',', ';', '.', ')', '\'', '"'])
}

fn is_secret(value: &str, secrets: &Secrets) -> bool {
    let (letters, digits, signs) = makeup(value);
    let odd = (letters > 0 && digits + signs > 0) || (letters == 0 && signs == 0 && digits >= DIGITS);
    let weak =
        secrets.accounts.iter().any(|name| name.regex().find(value).is_some_and(|found| found.len() == value.len()));
    value.len() >= SHORTEST
        && !value.starts_with(['<', '>', '=', '~', '/', '(', '[', '{', '$', '%'])
        && (odd || weak)
        && !any(&secrets.harmless, value)
}

/// Letters, digits and a sign that no name, address or version has.
fn is_plainly_secret(value: &str, secrets: &Secrets) -> bool {
    let (letters, digits, _) = makeup(value);
    value.len() >= SHORTEST_BARE
        && letters > 0
        && digits > 0
        && value.contains(['!', '@', '#', '$', '%', '^', '&', '*', '+', '?'])
        && is_secret(value, secrets)
}

/// Letters, digits and other characters.
fn makeup(value: &str) -> (usize, usize, usize) {
    let letters = value.chars().filter(char::is_ascii_alphabetic).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (letters, digits, value.chars().count() - letters - digits)
}

/// `admin/Abc@123`.
fn with_account(text: &str, secrets: &Secrets) -> bool {
    text.match_indices('/').any(|(at, _)| {
        let before = &text[..at];
        let account = secrets
            .accounts
            .iter()
            .any(|name| name.regex().find_iter(before).last().is_some_and(|found| found.end() == at));
        account && is_plainly_secret(token(&text[at + 1..]), secrets)
    })
}

/// Columns of secrets, and cells that name one with its value to the right.
fn in_table(table: &TableView, secrets: &Secrets) -> Vec<Place> {
    let names = |text: &str| {
        let bare = text.find('(').map_or(text, |at| &text[..at]).trim_end_matches(':');
        labels(bare, secrets).any(|end| end == bare.len())
    };
    let is_value = |text: &str| token(text).len() == text.len() && is_secret(text, secrets);
    let columns = table.columns.iter().enumerate().filter(|(_, column)| names(&column.header));
    let in_columns = columns.flat_map(|(at, _)| table.rows.iter().filter_map(move |row| row.get(at)));
    let pairs = table.rows.iter().flat_map(|row| row.windows(2));
    let beside = pairs.filter(|pair| names(&pair[0].text)).map(|pair| &pair[1]);
    in_columns.chain(beside).filter(|cell| is_value(&cell.text)).map(|cell| cell.place.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{pieces, sample};
    use super::*;

    #[test]
    fn a_secret_is_told_from_talk_about_secrets() {
        let pack = sample::pack();
        for (text, is) in [
            ("堡垒机 账号 tybs 密码：Tie#2025", true),
            ("拨入VPN 账号 ylsd01 口令 Yl@vpn8866", true),
            ("核心交换 10.20.1.254 netadmin 密码 Rm#7503e", true),
            ("防火墙 https://10.20.1.1 admin / Hw@rm2025!", true),
            ("password=Abc12345", true),
            ("登录密码为 123456，请及时修改", true),
            ("enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0", true),
            ("snmp-server community Zx9sec RO", true),
            ("snmp-agent community read cipher Zx9%sec", true),
            ("username netop privilege 15 password 7 0822455D0A16", true),
            ("jdbc:mysql://10.1.1.1/app?user=app&password=Db_2024x", true),
            ("-----BEGIN RSA PRIVATE KEY-----", true),
            ("AccessKeyId: LTAI5tAbCdEfGh12, AccessKeySecret: k9Xb2LmNo4PqRsTuVw", true),
            ("|设备|登录密码|责任人\n|防火墙|Lt#2025fw!|甲\n|主机|Ab_88x|乙", true),
            ("|系统|运维平台\n|管理密码|Qw_2025er", true),
            // Rules about passwords.
            ("口令长度不少于12位，密码每90天更换，密码策略符合", false),
            ("密码：不少于8位，含大小写", false),
            ("口令策略：minlen=12，密码复杂度已启用", false),
            ("口令 ≥12位", false),
            ("|检查项|口令\n|核心交换|符合\n|主机|12位，90天", false),
            ("|配置项|基线|实际\n|口令最短长度|>=10|12", false),
            // Values that are none.
            ("密码：******", false),
            ("密码：已脱敏", false),
            ("密码：<password>", false),
            ("password: required", false),
            ("|设备|密码|核查结果\n|防火墙|******|符合\n|主机|已修改|符合", false),
            ("|设备|口令保管|责任人\n|防火墙|密码柜编号01|甲\n|主机|keepass01|乙", false),
            ("密码更新日期：2025-03-01", false),
            ("弱口令 CVE-2024-12345，弱口令：web-srv01", false),
            ("口令采用SHA256加密存储", false),
            ("undo snmp-agent community public", false),
            ("邮箱密码重置请联系 abc01@example.com", false),
            ("事件：弱口令；处置：改密", false),
        ] {
            let document = sample::document(text);
            let view = View::of(&document, &pack.vocabulary);
            let found = first(&view, &pieces(&view), &pack.vocabulary.secrets);
            assert_eq!(found.is_some(), is, "{text}");
        }
    }
}
