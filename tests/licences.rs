//! Every dependency is licensed permissively. Advisories need a database from the network and are
//! not checked here.

use std::process::Command;

use serde_json::Value;

/// SPDX ids that a product may ship without more than a notice.
const PERMISSIVE: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0-1.0",
    "Unicode-3.0",
    "BSL-1.0",
    "MPL-2.0",
    "bzip2-1.0.6",
    "NCSA",
    "CDLA-Permissive-2.0",
];

/// `A OR B` needs one, `A AND B` needs both; `/` is the old way to write OR.
fn permitted(expression: &str) -> bool {
    let expression = expression.replace(['(', ')'], " ").replace('/', " OR ");
    expression.split(" OR ").any(|choice| choice.split(" AND ").all(|id| PERMISSIVE.contains(&id.trim())))
}

#[test]
fn dependencies_are_permissive() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let ask = |more: &[&str]| {
        let arguments = ["metadata", "--format-version", "1", "--locked"];
        let output = Command::new(&cargo).args(arguments).args(more).output();
        output.expect("cargo runs this test, so it can be run")
    };
    // Those of other systems are not on a machine that has only built for its own.
    let mut output = ask(&["--offline"]);
    if !output.status.success() {
        output = ask(&[]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("metadata lists packages");
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(permitted))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(packages.len() > 100, "only {} packages seen", packages.len());
    assert!(refused.is_empty(), "not permissive:\n{}", refused.join("\n"));
}
