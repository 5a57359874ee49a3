use super::Events;

#[test]
fn rule_files_load() {
    if let Err(error) = Events::read() {
        panic!("{error}");
    }
}
