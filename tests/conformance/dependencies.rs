//! Which crate may know which: the list of `docs/ARCHITECTURE.md`, held against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use conformance::folders::root;

/// Each crate of the workspace with the crates of the workspace that it may depend on, tests aside.
const ALLOWED: &[(&str, &[&str])] = &[
    ("benches", EVERY_CRATE),
    ("conformance", EVERY_CRATE),
    ("offhook-cli", EVERY_CRATE),
    ("offhook-convert", &["offhook-spec", "offhook-syntax"]),
    ("offhook-gsheader", &[]),
    ("offhook-model", &[]),
    ("offhook-seal", &["offhook-gsheader"]),
    ("offhook-spec", &["offhook-model", "offhook-syntax"]),
    ("offhook-store", &[]),
    ("offhook-syntax", &["offhook-gsheader"]),
    ("properties", EVERY_CRATE),
];

const EVERY_CRATE: &[&str] = &[
    "offhook-convert",
    "offhook-gsheader",
    "offhook-model",
    "offhook-seal",
    "offhook-spec",
    "offhook-store",
    "offhook-syntax",
];

/// Crates that do no input or output, start no thread and draw no random number.
const PURE: &[&str] =
    &["offhook-convert", "offhook-gsheader", "offhook-model", "offhook-seal", "offhook-spec", "offhook-syntax"];

/// What a pure crate must not reach, however far down.
const IMPURE: &[&str] = &[
    "anstream",
    "async-std",
    "axum",
    "clap",
    "getrandom",
    "hyper",
    "indicatif",
    "mio",
    "rand",
    "rayon",
    "reqwest",
    "rustix",
    "rustls",
    "signal-hook",
    "socket2",
    "tempfile",
    "tokio",
    "ureq",
    "walkdir",
];

fn metadata() -> cargo_metadata::Metadata {
    // For this machine only: crates for others may not be there, and nothing is fetched for a test.
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let options = ["--offline", "--filter-platform", host].map(str::to_owned);
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).other_options(options).exec().unwrap()
}

fn edges(package: &Package, members: &BTreeSet<String>, kind: DependencyKind) -> BTreeSet<String> {
    let wanted = package.dependencies.iter().filter(|dependency| dependency.kind == kind);
    wanted.map(|dependency| dependency.name.clone()).filter(|name| members.contains(name)).collect()
}

#[test]
fn crates_know_only_those_below_them() {
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    let members: BTreeSet<String> = packages.iter().map(|package| package.name.to_string()).collect();
    let listed: BTreeSet<String> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(members, listed, "every crate is on the list, and no other");
    for package in packages {
        let (_, allowed) = ALLOWED.iter().find(|(name, _)| *name == package.name.as_str()).unwrap();
        let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        let found = edges(package, &members, DependencyKind::Normal);
        let own = !matches!(package.name.as_str(), "benches" | "conformance" | "offhook-cli" | "properties");
        // Libraries have exactly the listed edges; what stands at the edge takes what it needs of them.
        assert!(if own { found == allowed } else { found.is_subset(&allowed) }, "{}: {found:?}", package.name);
        let build = edges(package, &members, DependencyKind::Build);
        assert!(build.is_empty(), "{} builds with {build:?}", package.name);
    }
}

#[test]
fn pure_crates_reach_nothing_that_acts() {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().unwrap();
    let names: BTreeMap<_, &str> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    for pure in PURE {
        let start = resolve.nodes.iter().find(|node| names[&node.id] == *pure).unwrap();
        let (mut todo, mut seen) = (vec![&start.id], BTreeSet::new());
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            assert!(!IMPURE.contains(&names[id]), "{pure} reaches {}", names[id]);
            let node = resolve.nodes.iter().find(|node| node.id == *id).unwrap();
            let normal =
                |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            todo.extend(node.deps.iter().filter(|dep| normal(&dep.dep_kinds)).map(|dep| &dep.pkg));
        }
        assert!(seen.len() > 1 || *pure == "offhook-gsheader", "{pure} was looked at");
    }
}
