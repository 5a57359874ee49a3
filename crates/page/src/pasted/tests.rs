use super::*;

#[test]
fn nothing_is_not_an_article() {
    let article = extract("Home\nNews\nContact", None, None);
    assert_eq!(article.text, "");
    assert_eq!(article.notes[0].rule, "page/no-body");
}
