//! Bytes, as a text: what a count promises, without a second counter.

#![no_main]

use ctx::tokens::{Encoding, Tokens, adds_up};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(bytes);
    for encoding in [Encoding::O200kBase, Encoding::Cl100kBase] {
        let count = encoding.count(&text);
        assert!(count.0 as usize <= text.len());
        let pieces: u64 = encoding
            .pieces(&text)
            .map(|(_, tokens)| u64::from(tokens))
            .sum();
        assert_eq!(pieces, count.0, "the pieces of the whole");
        assert_eq!(encoding.count_up_to(&text, count), Some(count));
        if count.0 > 0 {
            assert_eq!(encoding.count_up_to(&text, Tokens(count.0 - 1)), None);
        }
        // A line is a part that adds up, if it is fit for it.
        let at = text.len() * usize::from(*choice) / 256;
        if let Some(end) = text
            .get(at..)
            .and_then(|rest| rest.find('\n'))
            .map(|end| at + end + 1)
            && adds_up(&text[..end])
            && adds_up(&text[end..])
        {
            assert_eq!(
                encoding.count(&text[..end]) + encoding.count(&text[end..]),
                count
            );
        }
    }
});
