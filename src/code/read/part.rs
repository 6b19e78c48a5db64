//! One stretch of one file.

/// Lines of a file, verbatim or with bodies elided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The file, as shown to the reader.
    pub path: String,
    /// The text. Ends in a newline unless the file does not.
    pub text: String,
    /// The line of the file that each line of the text begins at, 1-based; one more at the end.
    pub numbers: Vec<u32>,
    /// Whether the text is the file's own, byte by byte.
    pub is_verbatim: bool,
}

impl Part {
    /// Lines `start` to `end` of `text`, 1-based, both included.
    pub fn lines(path: &str, text: &str, start: u32, end: u32) -> Part {
        let skip = (start as usize).saturating_sub(1);
        let take = (end as usize).saturating_sub(skip);
        let chosen: String = text.split_inclusive('\n').skip(skip).take(take).collect();
        let count = chosen.split_inclusive('\n').count() as u32;
        let numbers = (start..=start + count).collect();
        Part {
            path: path.to_owned(),
            text: chosen,
            numbers,
            is_verbatim: true,
        }
    }

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.numbers.len().saturating_sub(1)
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// First and last line of the file that the lines `from..to` of this part stand for.
    pub fn range(&self, from: usize, to: usize) -> (u32, u32) {
        let last = self.numbers.len() - 1;
        let start = self.numbers[from.min(last)];
        let end = self.numbers[to.min(last)].saturating_sub(1);
        (start, end.max(start))
    }

    /// The byte where line `idx` begins.
    pub fn offsets(&self) -> Vec<usize> {
        let mut offsets = vec![0];
        offsets.extend(self.text.match_indices('\n').map(|(at, _)| at + 1));
        if offsets.last() != Some(&self.text.len()) {
            offsets.push(self.text.len());
        }
        offsets
    }
}
