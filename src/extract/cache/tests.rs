use std::fs;

use super::*;

fn open(folder: &Path, now: i64) -> Cache {
    Cache::open(folder, now).expect("a folder of this test")
}

fn key(name: &str) -> Key {
    Key::of(&[name.as_bytes()])
}

fn find(cache: &Cache, names: &[&str]) -> Vec<Option<String>> {
    cache.find(&names.iter().map(|name| key(name)).collect::<Vec<_>>())
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside None in lists")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn what_is_kept_is_found_by_the_next_run() {
    let top = tempfile::tempdir().expect("a folder");
    let folder = top.path().join("深/cache");
    let cache = open(&folder, 0);
    assert_eq!(find(&cache, &["a"]), [None]);
    cache.keep(&key("a"), &"甲");
    cache.keep(&key("b"), &"乙");
    cache.keep(&key("a"), &"丙");
    assert_eq!(cache.finish(), None);
    assert_eq!(find(&cache, &["b", "c", "a"]), [some("乙"), None, some("丙")]);
    let second = open(&folder, 1); // beside the first
    second.keep(&key("c"), &"丁");
    drop(second);
    assert_eq!(find(&cache, &["c"]), [some("丁")]);
    assert_eq!(cache.find::<(u64, Vec<String>)>(&[key("c")]), [None], "a value of another shape");
    drop(cache);
    assert_eq!(info(&folder).entries, Some(3));
}

#[test]
fn parts_of_a_key_are_kept_apart() {
    assert_ne!(Key::of(&[b"ab", b"c"]), Key::of(&[b"a", b"bc"]));
    assert_ne!(Key::of(&[b"ab"]), Key::of(&[b"ab", b""]));
}

#[cfg(unix)]
#[test]
fn it_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let top = tempfile::tempdir().expect("a folder");
    let folder = top.path().join("cache");
    let cache = open(&folder, 0);
    cache.keep(&key("a"), &"甲");
    cache.finish();
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let mut files = 0;
    for entry in fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert!(files >= 3, "the database, what lies beside it, and the lock: {files}");
}

/// Whatever lies there, a run begins anew and can read what it wrote.
#[test]
fn what_is_damaged_is_set_aside() {
    type Harm = fn(&Path);
    let cases: [(&str, Harm, bool); 7] = [
        ("no database", |file| fs::write(file, "all work and no play").expect("written"), true),
        ("an empty file", |file| fs::write(file, "").expect("written"), false),
        ("half a database", |file| cut(file, 5_000), true),
        ("a head and no more", |file| cut(file, 100), true),
        ("a damaged head", |file| damage(file, 0), true),
        (
            "somebody else's",
            |file| {
                fs::remove_file(file).expect("removed");
                let other = Connection::open(file).expect("a database");
                other.execute_batch("CREATE TABLE letters (text); INSERT INTO letters VALUES ('x');").expect("made");
            },
            true,
        ),
        (
            "of another version",
            |file| {
                let other = Connection::open(file).expect("a database");
                other.execute_batch("PRAGMA user_version = 99; ALTER TABLE found DROP COLUMN used;").expect("changed");
            },
            false,
        ),
    ];
    for (name, harm, is_told) in cases {
        let top = tempfile::tempdir().expect("a folder");
        let first = open(top.path(), 0);
        for number in 0..200 {
            first.keep(&key(&number.to_string()), &"甲".repeat(100));
        }
        drop(first);
        harm(&top.path().join(file::NAME));
        // What is damaged further down shows only when it is asked for.
        let told = match Cache::open(top.path(), 1) {
            Ok(second) => {
                let all: Vec<String> = (0..200).map(|number| number.to_string()).collect();
                let all: Vec<&str> = all.iter().map(String::as_str).collect();
                for value in find(&second, &all).into_iter().flatten() {
                    assert_eq!(value, "甲".repeat(100), "{name}");
                }
                second.finish()
            }
            Err(trouble) => panic!("{name}: {trouble:?}"),
        };
        assert_eq!(matches!(told, Some(Trouble::SetAside(_))), is_told, "{name}: {told:?}");
        let third = open(top.path(), 2);
        third.keep(&key("a"), &"乙");
        assert_eq!(third.finish(), None, "{name}");
        assert_eq!(find(&third, &["a"]), [some("乙")], "{name}");
    }
}

fn cut(file: &Path, length: u64) {
    let file = fs::OpenOptions::new().write(true).open(file).expect("a database");
    file.set_len(length).expect("cut");
}

fn damage(file: &Path, at: usize) {
    let mut bytes = fs::read(file).expect("a database");
    bytes[at] ^= 0x40;
    fs::write(file, bytes).expect("written");
}

/// One bit anywhere in the file: every answer is right or none.
#[test]
fn a_damaged_value_is_no_value() {
    let top = tempfile::tempdir().expect("a folder");
    let first = open(top.path(), 0);
    for number in 0..50 {
        first.keep(&key(&number.to_string()), &format!("{number}").repeat(40));
    }
    drop(first);
    let file = top.path().join(file::NAME);
    let good = fs::read(&file).expect("a database");
    for at in (100..good.len()).step_by(37) {
        fs::write(&file, &good).expect("written");
        damage(&file, at);
        let Ok(cache) = Cache::open(top.path(), 1) else { panic!("byte {at}") };
        for number in 0..50 {
            let value = find(&cache, &[&number.to_string()]).remove(0);
            assert!(value.is_none_or(|value| value == format!("{number}").repeat(40)), "byte {at}");
        }
    }
}

#[test]
fn where_none_can_be_had_it_says_why() {
    let top = tempfile::tempdir().expect("a folder");
    fs::write(top.path().join("file"), "").expect("a file");
    let error = Cache::open(&top.path().join("file/cache"), 0).expect_err("a file is no folder");
    assert!(matches!(error, Trouble::Unusable { .. }), "{error:?}");
    fs::create_dir(top.path().join(file::NAME)).expect("a folder");
    let error = Cache::open(top.path(), 0).expect_err("a folder is no database");
    assert!(matches!(error, Trouble::Unusable { .. }), "{error:?}");
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    const DAY: i64 = STAMP_SECONDS;
    let top = tempfile::tempdir().expect("a folder");
    let value = "x".repeat(10_000);
    for day in 0..30 {
        let cache = open(top.path(), day * DAY);
        cache.keep(&key(&day.to_string()), &value);
        // The first is asked for every day.
        assert!(day == 0 || find(&cache, &["0"])[0].is_some(), "day {day}");
    }
    let mut cache = open(top.path(), 30 * DAY);
    cache.most = 200_000;
    cache.keep(&key("30"), &value);
    cache.finish();
    let kept: Vec<i64> = (0..31).filter(|day| find(&cache, &[&day.to_string()])[0].is_some()).collect();
    assert!((10..20).contains(&kept.len()), "{kept:?}");
    assert_eq!(kept[0], 0);
    let others = i64::try_from(kept.len()).expect("a few") - 1;
    assert_eq!(kept[1..], (31 - others..31).collect::<Vec<_>>());
    drop(cache);
    assert!(info(top.path()).bytes < 200_000, "{:?}", info(top.path()));
}

#[test]
fn many_runs_at_once_keep_all_that_they_found() {
    let top = tempfile::tempdir().expect("a folder");
    std::thread::scope(|scope| {
        for run in 0..8 {
            let folder = top.path();
            scope.spawn(move || {
                let cache = open(folder, 0);
                for number in 0..50 {
                    cache.keep(&key(&format!("{run} {number}")), &"甲");
                    assert!(find(&cache, &["none"])[0].is_none());
                }
                assert_eq!(cache.finish(), None);
            });
        }
    });
    assert_eq!(info(top.path()).entries, Some(400));
}

#[test]
fn cleaning_throws_away_what_is_ours_alone() {
    let top = tempfile::tempdir().expect("a folder");
    assert_eq!(clean(top.path()).expect("nothing to do"), Cleaned { entries: Some(0), ..Cleaned::default() });
    fs::write(top.path().join("letter.txt"), "dear").expect("a file");
    let cache = open(top.path(), 0);
    cache.keep(&key("a"), &"甲");
    cache.finish();
    let cleaned = clean(top.path()).expect("cleaned");
    assert_eq!((cleaned.entries, cleaned.in_use), (Some(1), true));
    assert_eq!(find(&cache, &["a"]), [None]);
    drop(cache);
    let cleaned = clean(top.path()).expect("cleaned");
    assert_eq!((cleaned.entries, cleaned.in_use), (Some(0), false));
    assert!(cleaned.bytes > 0);
    let mut left: Vec<_> =
        fs::read_dir(top.path()).expect("a folder").map(|one| one.expect("one").file_name()).collect();
    left.sort();
    assert_eq!(left, ["letter.txt", "lock"]);
    assert_eq!(info(top.path()), Info { bytes: 0, entries: Some(0) });
}
