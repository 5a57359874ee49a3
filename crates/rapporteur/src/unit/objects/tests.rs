use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;

use super::super::tests::{Scratch, archive, work};
use super::super::{Done, Key, Shelf};
use super::*;
use crate::pipeline::Rules;

mod s3;

/// What every store has to pass.
fn suite(out: &Objects) {
    let scratch = Scratch::new();
    let a = scratch.0.join("a.warc.gz");
    archive(&a);
    let rules = Rules::embedded();
    let done = work(&rules, None, 1).unit("a", &a, out).unwrap();
    assert!(matches!(done, Done::Read(_)));
    let again = work(&rules, None, 1).unit("a", &a, out).unwrap();
    assert!(matches!(again, Done::Known(_)));
    assert_eq!(again.receipt(), done.receipt());
    let key = Key::new(&done.receipt().unit, rules.set().id(), None);
    assert_eq!(out.receipts().unwrap(), [key.of(RECEIPT)]);
    // Put if absent: the same is no harm, another thing is refused.
    let other = scratch.0.join("other");
    std::fs::write(&other, b"other").unwrap();
    assert_eq!(out.put_new("x/y", &other).unwrap(), Put::New);
    assert_eq!(out.put_new("x/y", &other).unwrap(), Put::Same);
    std::fs::write(&other, b"another").unwrap();
    assert_eq!(out.put_new("x/y", &other).unwrap(), Put::Differs);
    assert!(Shelf::open(out, "x/none").unwrap().is_none());
}

#[test]
fn memory_and_local_files_pass() {
    let memory = Objects::of(
        Arc::new(InMemory::new()),
        Place::from("results"),
        "memory:///results",
    );
    suite(&memory.unwrap());
    let scratch = Scratch::new();
    let store = LocalFileSystem::new_with_prefix(&scratch.0).unwrap();
    suite(&Objects::of(Arc::new(store), Place::from("results"), "file:///results").unwrap());
}

#[test]
fn what_speaks_s3_passes() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store = AmazonS3Builder::new()
        .with_endpoint(format!("http://127.0.0.1:{}", s3::start()))
        .with_allow_http(true)
        .with_bucket_name("desk")
        .with_region("us-east-1")
        .with_access_key_id("key")
        .with_secret_access_key("secret")
        .build()
        .unwrap();
    suite(&Objects::of(Arc::new(store), Place::from("results"), "s3://desk/results").unwrap());
}
