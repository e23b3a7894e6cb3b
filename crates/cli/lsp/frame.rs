//! The frames around messages: a header with the length, an empty line, the message.
//! Not here: the messages. <https://microsoft.github.io/language-server-protocol/specifications/base/0.9/specification/>

use std::io::{self, BufRead, Read};

/// A longer message is not read: an editor sends whole documents, and larger ones are not scanned.
const MAX_MESSAGE: u64 = 256 << 20;
/// A longer line is no header.
const MAX_HEADER: u64 = 4 << 10;

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A message.
    Message(String),
    /// Something that is none; reading goes on behind it.
    Broken,
}

/// Reads until the input ends or `take` wants no more.
pub(super) fn read_all(input: &mut impl BufRead, mut take: impl FnMut(Frame) -> bool) {
    while let Ok(Some(frame)) = read(input) {
        if !take(frame) {
            return;
        }
    }
}

/// The next frame; `None` at the end.
fn read(input: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let mut length: Option<u64> = None;
    let mut lines = 0;
    loop {
        let mut line = Vec::new();
        if (&mut *input).take(MAX_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            // Empty lines between messages are nobody's.
            if lines == 0 {
                continue;
            }
            break;
        }
        lines += 1;
        let header = String::from_utf8_lossy(text);
        if let Some((name, value)) = header.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let Some(length) = length else { return Ok(Some(Frame::Broken)) };
    if length > MAX_MESSAGE {
        io::copy(&mut (&mut *input).take(length), &mut io::sink())?;
        return Ok(Some(Frame::Broken));
    }
    let mut message = Vec::new();
    (&mut *input).take(length).read_to_end(&mut message)?;
    if (message.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(String::from_utf8(message).map_or(Frame::Broken, Frame::Message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart() {
        let input = b"Content-Length: 2\r\nContent-Type: x\r\n\r\n{}\r\n\r\ncontent-length:1\n\nxX-Nothing: 1\r\n\r\n\
            Content-Length: no\r\n\r\nContent-Length: 1\r\n\r\n\xffContent-Length: 9\r\n\r\nshort";
        let mut frames = Vec::new();
        read_all(&mut &input[..], |frame| {
            frames.push(frame);
            true
        });
        let message = |text: &str| Frame::Message(text.into());
        assert_eq!(frames, [message("{}"), message("x"), Frame::Broken, Frame::Broken, Frame::Broken]);
    }
}
