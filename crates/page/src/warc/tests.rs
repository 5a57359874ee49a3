use super::*;

fn page(n: u32) -> Record {
    Record {
        url: format!("http://paper.example/{n}"),
        date: n.is_multiple_of(2).then(|| "2024-02-15T08:00:00Z".into()),
        mime: "text/html".into(),
        charset: Some("utf-8".into()),
        body: format!("<p>Talks, page {n}. {}", "word ".repeat(200)).into_bytes(),
    }
}

fn archive(n: u32) -> (Vec<u8>, Vec<usize>) {
    let (mut bytes, mut starts) = (Vec::new(), Vec::new());
    for i in 0..n {
        starts.push(bytes.len());
        write_record(&mut bytes, &page(i)).unwrap();
    }
    (bytes, starts)
}

#[test]
fn what_was_written_is_read_again_and_bytes_repeat() {
    let (bytes, _) = archive(3);
    let read: Vec<_> = Reader::new(&bytes[..]).map(Result::unwrap).collect();
    assert_eq!(read, [page(0), page(1), page(2)]);
    assert_eq!(bytes, archive(3).0);
}

#[test]
fn damage_costs_one_record() {
    let (mut bytes, starts) = archive(3);
    let middle = starts[1] + 40;
    bytes[middle..middle + 20].fill(0xff);
    let read: Vec<_> = Reader::new(&bytes[..]).collect();
    let errors: Vec<_> = read.iter().filter_map(|r| r.as_ref().err()).collect();
    assert_eq!(errors[0].offset(), starts[1] as u64);
    let good: Vec<_> = read.iter().filter_map(|r| r.as_ref().ok()).collect();
    assert_eq!(good, [&page(0), &page(2)]);
}

#[test]
fn a_truncated_archive_gives_what_came_before() {
    let (bytes, starts) = archive(2);
    let read: Vec<_> = Reader::new(&bytes[..starts[1] + 60]).collect();
    assert_eq!(read[0].as_ref().unwrap(), &page(0));
    assert!(read[1].as_ref().unwrap_err().is_truncated());
    assert_eq!(read.len(), 2);
}

#[test]
fn a_plain_response_is_unchunked() {
    let http = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"windows-1256\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>Ta\r\n3\r\nlks\r\n0\r\n\r\n";
    let text = format!(
        "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 3\r\n\r\nabc\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://a.example/>\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    let read: Vec<_> = Reader::new(text.as_bytes()).map(Result::unwrap).collect();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].body, b"<p>Talks");
    assert_eq!(read[0].charset.as_deref(), Some("windows-1256"));
    assert_eq!(read[0].url, "http://a.example/");
}

#[test]
fn a_record_over_the_limit_is_named_and_passed() {
    let (bytes, _) = archive(2);
    let read: Vec<_> = Reader::new(&bytes[..]).with_limit(100).collect();
    assert!(
        read.iter()
            .all(|r| r.as_ref().is_err_and(Error::is_too_large))
    );
    assert_eq!(read.len(), 2);
}

proptest::proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, cut in 0usize..600, flip in 0usize..600) {
        assert!(Reader::new(&bytes[..]).count() <= bytes.len() + 1);
        let (mut bytes, _) = archive(2);
        bytes.truncate(bytes.len() - cut.min(bytes.len()));
        if let Some(b) = bytes.get_mut(flip) { *b ^= 0x55; }
        assert!(Reader::new(&bytes[..]).count() < 10);
    }
}
