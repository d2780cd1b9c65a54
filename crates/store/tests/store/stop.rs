//! The stop flag, as a signal handler would set it: at any time, from outside.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use offhook_store::{Batch, Overwrite, Policy, StoreError};
use tempfile::tempdir;

use crate::{policy, tree};

#[test]
fn once_set_nothing_is_staged_or_committed_and_nothing_stays() {
    let folder = tempdir().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let batch = Batch::open(&folder.path().join("out"), &policy(Overwrite::Force), Arc::clone(&stop)).unwrap();
    batch.stage("sub/a", b"new").unwrap();
    stop.store(true, Ordering::Relaxed);
    assert!(matches!(batch.stage("sub/b", b"new"), Err(StoreError::Cancelled { .. })));
    assert!(matches!(batch.commit(), Err(StoreError::Cancelled { .. })));
    assert!(tree(folder.path()).is_empty());
}

/// Whatever moment the flag is set at, what is told is what is there.
#[test]
fn set_during_the_commit_the_report_is_exact() {
    let (mut whole, mut none, mut part) = (0, 0, 0);
    for round in 0..40u64 {
        let folder = tempdir().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let policy = Policy { sync: round.is_multiple_of(4), ..policy(Overwrite::IfOwn) };
        let batch = Batch::open(folder.path(), &policy, Arc::clone(&stop)).unwrap();
        for i in 0..400 {
            batch.stage(format!("{}/{i}", i % 3), b"new").unwrap();
        }
        let result = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_micros(200 * round));
                stop.store(true, Ordering::Relaxed);
            });
            batch.commit()
        });
        let found: BTreeSet<PathBuf> =
            tree(folder.path()).into_keys().filter(|n| !n.ends_with('/')).map(Into::into).collect();
        let told = match result {
            Ok(report) => {
                whole += 1;
                assert_eq!(report.created, 400);
                found.clone()
            }
            Err(StoreError::Cancelled { .. }) => {
                none += 1;
                BTreeSet::new()
            }
            Err(StoreError::Partial(partial)) => {
                part += 1;
                assert_eq!(partial.in_place.len() + partial.missing.len(), 400);
                assert!(partial.missing.iter().all(|(_, e)| matches!(e, StoreError::Cancelled { .. })));
                partial.in_place.into_iter().collect()
            }
            Err(e) => panic!("{e}"),
        };
        assert_eq!(found, told);
    }
    println!("{whole} whole, {none} stopped before, {part} stopped within the renames or the last sync");
}
