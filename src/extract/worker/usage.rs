//! What another process has used so far.

use std::time::Duration;

/// CPU time of all its threads, and memory it holds now, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) cpu: Duration,
    pub(super) memory: u64,
}

/// How often it makes sense to ask [`of`]. Starting `ps` costs some milliseconds, a look at `/proc` none.
pub(super) const EVERY: Duration = Duration::from_millis(if cfg!(target_os = "linux") { 50 } else { 250 });

/// None where the system does not say.
#[cfg(target_os = "linux")]
pub(super) fn of(pid: u32) -> Option<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    of_stat(&stat, rustix::param::clock_ticks_per_second(), rustix::param::page_size() as u64)
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn of(pid: u32) -> Option<Usage> {
    of_ps(pid)
}

#[cfg(not(unix))]
pub(super) fn of(_pid: u32) -> Option<Usage> {
    None
}

/// Fields of proc(5), `/proc/pid/stat`: 14 and 15 are CPU time in ticks, 24 is memory in pages. The
/// second is the program's name in brackets and may hold anything.
#[cfg(target_os = "linux")]
fn of_stat(stat: &str, ticks: u64, page: u64) -> Option<Usage> {
    let (_, rest) = stat.rsplit_once(')')?;
    let field = |number: usize| rest.split_ascii_whitespace().nth(number - 3)?.parse::<u64>().ok();
    let milliseconds = (field(14)? + field(15)?) * 1000 / ticks.max(1);
    Some(Usage { cpu: Duration::from_millis(milliseconds), memory: field(24)? * page })
}

/// By POSIX's `ps`: memory in KiB and CPU time as `[days-][hours:]minutes:seconds`.
#[cfg(all(unix, not(target_os = "linux")))]
fn of_ps(pid: u32) -> Option<Usage> {
    let output = std::process::Command::new("/bin/ps")
        .args(["-o", "rss=,time=", "-p", &pid.to_string()])
        .stdin(std::process::Stdio::null())
        .output()
        .ok()?;
    of_ps_line(&String::from_utf8(output.stdout).ok()?)
}

#[cfg(all(unix, any(test, not(target_os = "linux"))))]
fn of_ps_line(line: &str) -> Option<Usage> {
    let (memory, time) = line.trim().split_once(char::is_whitespace)?;
    let (days, clock) = time.trim().split_once('-').unwrap_or(("0", time.trim()));
    let mut seconds = days.parse::<f64>().ok()? * 24.0;
    let parts: Vec<f64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [.., minutes, last] = parts[..] else { return None };
    seconds += if let [hours, _, _] = parts[..] { hours } else { 0.0 };
    seconds = (seconds * 60.0 + minutes) * 60.0 + last;
    Some(Usage { cpu: Duration::try_from_secs_f64(seconds).ok()?, memory: memory.parse::<u64>().ok()? << 10 })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_used_something() {
        let own = of(std::process::id()).expect("this process is there");
        assert!(own.memory > 1 << 20, "{own:?}");
        assert_eq!(of(u32::MAX), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_with_brackets_is_no_trouble() {
        let stat = "7 (a) b) c) S 1 7 7 0 -1 4194304 1 2 3 4 250 50 9 9 20 0 1 0 5 600 42 18446744073709551615";
        assert_eq!(of_stat(stat, 100, 4096), Some(Usage { cpu: Duration::from_secs(3), memory: 42 * 4096 }));
        assert_eq!(of_stat("", 100, 4096), None);
    }

    #[test]
    fn ps_writes_times_in_many_ways() {
        for (line, seconds) in [
            ("  1024   0:01.50\n", Some(1.5)),
            ("1024 00:00:20", Some(20.0)),
            ("1024 2-01:00:05", Some(49.0 * 3600.0 + 5.0)),
            ("1024 x", None),
            ("", None),
        ] {
            let expected = seconds.map(|seconds| Usage { cpu: Duration::from_secs_f64(seconds), memory: 1 << 20 });
            assert_eq!(of_ps_line(line), expected, "{line}");
        }
    }
}
