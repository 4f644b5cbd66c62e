//! Limits that a worker sets itself before it reads anything.

/// Bounds this process's memory, where the system can, and leaves no core file behind in the folder
/// that it was started in.
#[cfg(unix)]
pub(super) fn confine(memory: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    // Data and not address space: a thread's stack or an allocator's arena reserves far more than it uses.
    for (resource, most) in [(Resource::Data, memory), (Resource::Core, 0)] {
        let own = getrlimit(resource).maximum;
        let most = Some(own.map_or(most, |own| own.min(most)));
        // A system that refuses leaves the limit it has; the master watches memory as well.
        let _ = setrlimit(resource, Rlimit { current: most, maximum: most });
    }
}

#[cfg(not(unix))]
pub(super) fn confine(_memory: u64) {}
