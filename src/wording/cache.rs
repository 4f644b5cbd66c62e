//! What `evlint cache` says, and what a run says of trouble with the cache.

use crate::extract::cache::{Cleaned, Info, Trouble};
use crate::model::settings::Language;

use super::safe;

/// Where, how much, and how much at most.
#[must_use]
pub fn info(folder: &str, info: &Info, most: u64, language: Language) -> String {
    let (folder, bytes, most) = (safe(folder), size(info.bytes), size(most));
    match (language, info.entries) {
        (Language::Zh, Some(entries)) => format!("位置：{folder}\n大小：{bytes}，上限 {most}\n条目：{entries}"),
        (Language::Zh, None) => format!("位置：{folder}\n大小：{bytes}，上限 {most}\n条目：读不出来，下次检查时重建"),
        (Language::En, Some(entries)) => {
            format!("folder: {folder}\nsize: {bytes} of at most {most}\nentries: {entries}")
        }
        (Language::En, None) => {
            format!("folder: {folder}\nsize: {bytes} of at most {most}\nentries: unreadable, rebuilt by the next check")
        }
    }
}

/// What was thrown away.
#[must_use]
pub fn cleaned(folder: &str, cleaned: &Cleaned, language: Language) -> String {
    let (folder, bytes, entries) = (safe(folder), size(cleaned.bytes), cleaned.entries.unwrap_or_default());
    if cleaned.bytes == 0 && entries == 0 {
        return match language {
            Language::Zh => format!("{folder} 里没有缓存"),
            Language::En => format!("no cache in {folder}"),
        };
    }
    let text = match (language, cleaned.entries) {
        (Language::Zh, Some(entries)) => format!("已删除 {folder} 里的缓存：{entries} 条，{bytes}"),
        (Language::Zh, None) => format!("已删除 {folder} 里读不出来的缓存：{bytes}"),
        (Language::En, Some(1)) => format!("removed the cache in {folder}: 1 entry, {bytes}"),
        (Language::En, Some(entries)) => format!("removed the cache in {folder}: {entries} entries, {bytes}"),
        (Language::En, None) => format!("removed an unreadable cache in {folder}: {bytes}"),
    };
    match (cleaned.in_use, language) {
        (false, _) => text,
        (true, Language::Zh) => format!("{text}；另一个 evlint 正在使用，空的数据库文件留着"),
        (true, Language::En) => format!("{text}; another evlint is using it, so the empty database stays"),
    }
}

/// One line on standard error; the findings are the same.
#[must_use]
pub fn trouble(trouble: &Trouble, language: Language) -> String {
    match (trouble, language) {
        (Trouble::SetAside(path), Language::Zh) => {
            format!("缓存已损坏，或不是 evlint 写的；已移到 {}，重新建立", safe(&path.display().to_string()))
        }
        (Trouble::SetAside(path), Language::En) => {
            format!("the cache was damaged or not evlint's: moved to {}, begun anew", safe(&path.display().to_string()))
        }
        (Trouble::Unusable { folder, why }, Language::Zh) => {
            format!("缓存 {} 用不了（{}），不用缓存继续", safe(&folder.display().to_string()), safe(why))
        }
        (Trouble::Unusable { folder, why }, Language::En) => {
            format!("no cache in {} ({}): going on without", safe(&folder.display().to_string()), safe(why))
        }
    }
}

/// In the unit that gives the fewest digits, counted in 1024.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(1_048_576)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, text) in
            [(0, "0 B"), (1023, "1023 B"), (1025, "2 KiB"), (1_048_576, "1 MiB"), (512 << 20, "512 MiB")]
        {
            assert_eq!(size(bytes), text);
        }
    }
}
