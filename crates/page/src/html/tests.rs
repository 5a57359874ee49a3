use super::*;

fn shape(src: &str) -> String {
    let dom = parse(src);
    let mut out = String::new();
    let mut ends: Vec<NodeId> = Vec::new();
    for id in dom.all().skip(1) {
        while ends.last().is_some_and(|e| *e <= id) {
            ends.pop();
            out.push(')');
        }
        if dom.tag(id) == Tag::Text {
            out.push_str(&decode_entities(dom.raw_text(id)));
        } else {
            out.push_str(&format!("{:?}(", dom.tag(id)));
            ends.push(dom.node(id).end);
        }
    }
    out.push_str(&")".repeat(ends.len()));
    out
}

#[test]
fn elements_close_where_browsers_close_them() {
    assert_eq!(shape("<p>a<p>b<div>c</div>d"), "P(a)P(b)Div(c)d");
    assert_eq!(
        shape("<ul><li>a<li>b<ul><li>c</ul></ul>"),
        "Ul(Li(a)Li(bUl(Li(c))))"
    );
    assert_eq!(
        shape("<table><tr><td>a<td>b<tr><td>c</table>d"),
        "Table(Tr(Td(a)Td(b))Tr(Td(c)))d"
    );
    assert_eq!(shape("<b><p>a</b>b</p>c"), "B(P(a))bc");
    assert_eq!(shape("<div><i>a</div>b"), "Div(I(a))b");
    assert_eq!(shape("a</div></p>b<br/>c"), "abBr()c");
    assert_eq!(
        shape("<script>if (a</b) '<p>'</script >x"),
        "Script(if (a</b) '<p>')x"
    );
    assert_eq!(shape("<a href=x>one<a href=y>two</a>"), "A(one)A(two)");
    assert_eq!(shape("a < b <!-- <p> --> c <!-- d"), "a < b  c ");
}

#[test]
fn references() {
    assert_eq!(
        decode_entities("&amp;lt; &#x27;&#8217;&#146; &nbsp;&nbspx &copy2 &bogus; &"),
        "&lt; '’’ \u{a0}\u{a0}x ©2 &bogus; &"
    );
}

#[test]
fn attributes_in_every_notation() {
    let dom = parse("<a HREF=x class='b c' data-x=\"1 &amp; 2\" hidden>t");
    assert_eq!(dom.raw_attr(1, "href"), Some("x"));
    assert_eq!(dom.raw_attr(1, "class"), Some("b c"));
    assert_eq!(dom.attr(1, "data-x").unwrap(), "1 & 2");
    assert_eq!(dom.raw_attr(1, "hidden"), Some(""));
    assert_eq!(dom.text_of(0, 100), "t");
}

#[test]
fn depth_is_bounded() {
    let deep = "<div>".repeat(100_000) + "end";
    let dom = parse(&deep);
    assert!(dom.limit.is_some());
    assert_eq!(dom.text_of(0, 100), "end");
    parse(&("<b>".repeat(50_000) + &"</i>".repeat(50_000)));
}
