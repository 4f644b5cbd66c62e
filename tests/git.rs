//! Evidence in git: what is staged, what is new, hooks and CI files. Drives the binary in repositories
//! made here, with an identity of their own and nobody's configuration.

#[path = "git/repository.rs"]
mod repository;

#[path = "git/baseline.rs"]
mod baseline;
#[path = "git/folders.rs"]
mod folders;
#[path = "git/hooks.rs"]
mod hooks;
#[path = "git/since.rs"]
mod since;
#[path = "git/staged.rs"]
mod staged;

#[cfg(unix)]
#[path = "git/ci.rs"]
mod ci;
#[cfg(unix)]
#[path = "git/pre_commit.rs"]
mod pre_commit;
