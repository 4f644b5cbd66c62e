//! Packs are carried inside the binary: a new file in `rules/` must rebuild it.

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
