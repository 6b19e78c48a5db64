use ctx::code::syntax::*;
fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let Some(l) = language::detect(path.as_ref(), &bytes) else {
            continue;
        };
        let s = parse(
            l,
            &text,
            Wants {
                references: true,
                ..Wants::default()
            },
        );
        for y in &s.symbols {
            let mut d = 0;
            let mut p = y.parent;
            while let Some(q) = p {
                d += 1;
                p = s.symbols[q as usize].parent;
            }
            println!(
                "{}{}-{} {} {} {:?}{} | {} | {}",
                "  ".repeat(d),
                y.lines.start,
                y.lines.end,
                y.kind.word(),
                y.qualified_name,
                y.visibility,
                if y.is_test { " test" } else { "" },
                signature::signature_line(&text[y.signature.clone()]),
                y.doc
                    .clone()
                    .map_or(String::new(), |d| signature::doc_summary(&text[d], 100))
            );
        }
        println!(
            "refs {} imports {:?} notes {:?}",
            s.references.len(),
            s.imports,
            s.notes
        );
    }
}
