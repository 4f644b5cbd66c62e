//! What the file system says of a file's state, so that one which nobody touched need not be read again.

use std::path::Path;

/// A file system may tell times apart by no less than this, in seconds: what is changed within it of
/// another change can look the same (FAT keeps even seconds).
const COARSE: i64 = 2;

/// Which file it is, how long, and when it was last written and changed. The operating system sets the
/// time of change by its own clock whatever a program does: no copy, checkout or restored backup has the
/// same stamp as the file it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    state: [i64; 7],
}

impl Stamp {
    /// Of the file that a path leads to; None where the system does not say enough.
    #[cfg(unix)]
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let found = std::fs::metadata(path).ok()?;
        #[expect(clippy::cast_possible_wrap, reason = "only held against each other")]
        let state = [
            found.dev() as i64,
            found.ino() as i64,
            found.size() as i64,
            found.mtime(),
            found.mtime_nsec(),
            found.ctime(),
            found.ctime_nsec(),
        ];
        Some(Self { state })
    }

    #[cfg(not(unix))]
    #[must_use]
    pub fn of(_: &Path) -> Option<Self> {
        None
    }

    /// Whether the last change was long enough before `moment` (in seconds since 1970) that another
    /// would have another stamp. As git's index has it: what may have been written twice in one tick
    /// of the clock is not trusted.
    #[must_use]
    pub fn is_settled(&self, moment: i64) -> bool {
        let [.., written, _, changed, _] = self.state;
        written.max(changed) + COARSE <= moment
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.state.iter().flat_map(|number| number.to_le_bytes()).collect()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File, FileTimes};
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn every_change_shows() {
        let top = tempfile::tempdir().expect("a folder");
        let path = top.path().join("a.txt");
        fs::write(&path, "one").expect("a file");
        let first = Stamp::of(&path).expect("a stamp");
        assert_eq!(Stamp::of(&path), Some(first));
        // The same length and the same time of writing, as a tool that restores both leaves it.
        let written = fs::metadata(&path).and_then(|found| found.modified()).expect("a time");
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "two").expect("a file");
        File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_times(FileTimes::new().set_modified(written)))
            .expect("times are set");
        assert_ne!(Stamp::of(&path), Some(first));
        // A copy in its place.
        fs::copy(&path, top.path().join("b.txt")).expect("a copy");
        fs::rename(top.path().join("b.txt"), &path).expect("moved");
        assert_ne!(Stamp::of(&path), Some(first));
        assert_eq!(Stamp::of(&top.path().join("none")), None);
    }

    #[test]
    fn what_was_just_written_is_not_settled() {
        let top = tempfile::tempdir().expect("a folder");
        let path = top.path().join("a.txt");
        fs::write(&path, "one").expect("a file");
        let old = SystemTime::now() - Duration::from_hours(1);
        File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_times(FileTimes::new().set_modified(old)))
            .expect("times are set");
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
        let now = i64::try_from(now).expect("a number");
        let stamp = Stamp::of(&path).expect("a stamp");
        // Its time of writing says an hour, its time of change says now.
        assert!(!stamp.is_settled(now) && !stamp.is_settled(now - 3600) && stamp.is_settled(now + 10));
    }
}
