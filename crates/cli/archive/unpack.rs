//! Decoders of compressed streams, all in bounded memory.
//! Not here: archives of many files, and how much may be unpacked (`limits.rs`).

use std::io::{self, BufRead, BufReader, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use lzma_rust2::XzReader;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{damaged, format::Packing, limits::MAX_WINDOW};

/// How much is read at a time.
const BUFFER: usize = 64 << 10;
/// First bytes of zstd's frames, but for the lowest four bits of the second kind, which hold no data (RFC 8878, 3.1).
const ZSTD_FRAME: u32 = 0xfd2f_b528;
const ZSTD_SKIPPABLE: u32 = 0x184d_2a50;

/// What `input` unpacks to.
pub(crate) fn unpack<'r>(packing: Packing, input: impl Read + 'r) -> Box<dyn Read + 'r> {
    let input = BufReader::with_capacity(BUFFER, input);
    match packing {
        Packing::Gzip => Box::new(Gzip { decoder: MultiGzDecoder::new(input), read: false }),
        // Beside its window a decoder needs some 100 KiB.
        Packing::Xz => Box::new(XzReader::new_mem_limit(input, true, (MAX_WINDOW >> 10) as u32 + 1024)),
        Packing::Zstd => Box::new(Zstd::new(input)),
        Packing::Bzip2 => Box::new(MultiBzDecoder::new(input)),
    }
}

/// What a stream of DEFLATE without a head unpacks to.
pub(crate) fn inflate<'r>(input: impl Read + 'r) -> Box<dyn Read + 'r> {
    Box::new(DeflateDecoder::new(BufReader::with_capacity(BUFFER, input)))
}

/// What follows a gzip stream and is none itself, such as zeros that fill a tape block, does no harm to what was read.
struct Gzip<R> {
    decoder: MultiGzDecoder<R>,
    read: bool,
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.decoder.read(buffer) {
            Ok(length) => {
                self.read |= length > 0;
                Ok(length)
            }
            Err(error) if self.read && error.to_string() == "invalid gzip header" => Ok(0),
            Err(error) => Err(error),
        }
    }
}

/// Frames of zstd, one behind the other.
struct Zstd<R> {
    input: R,
    decoder: FrameDecoder,
    /// Whether a frame has begun and is not read to its end.
    open: bool,
}

impl<R: Read> Zstd<R> {
    fn new(input: R) -> Zstd<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Zstd { input, decoder, open: false }
    }

    /// Begins the next frame, if there is one.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            let mut mark = [0; 4];
            match self.input.read(&mut mark[..1])? {
                0 => return Ok(false),
                _ => self.input.read_exact(&mut mark[1..])?,
            }
            match u32::from_le_bytes(mark) {
                ZSTD_FRAME => {
                    let head = (&mark[..]).chain(&mut self.input);
                    self.decoder.reset(head).map_err(zstd_error)?;
                    return Ok(true);
                }
                other if other & !0xf == ZSTD_SKIPPABLE => {
                    let mut length = [0; 4];
                    self.input.read_exact(&mut length)?;
                    let length = u64::from(u32::from_le_bytes(length));
                    io::copy(&mut self.input.by_ref().take(length), &mut io::sink())?;
                }
                _ => return Err(damaged("what follows a frame is no frame")),
            }
        }
    }
}

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.open {
                self.open = self.begin()?;
                if !self.open {
                    return Ok(0);
                }
            }
            if self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.input, step).map_err(zstd_error)?;
            }
            match self.decoder.read(buffer)? {
                0 if self.decoder.is_finished() => self.open = false,
                0 => {}
                length => return Ok(length),
            }
        }
    }
}

fn zstd_error(error: ruzstd::decoding::errors::FrameDecoderError) -> io::Error {
    use ruzstd::decoding::errors::FrameDecoderError;
    match error {
        FrameDecoderError::WindowSizeTooBig { .. } => damaged("its window is larger than 64 MiB"),
        FrameDecoderError::DictNotProvided { .. } => damaged("it needs a dictionary"),
        _ => damaged("the zstd stream is damaged"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn bzip2(text: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(text).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn read(packing: Packing, mut bytes: &[u8]) -> (Vec<u8>, bool) {
        let mut out = Vec::new();
        let ok = unpack(packing, &mut bytes).read_to_end(&mut out).is_ok();
        (out, ok)
    }

    /// A frame with one raw block, as RFC 8878 writes it.
    fn zstd(text: &[u8]) -> Vec<u8> {
        let block = (text.len() as u32) << 3 | 1;
        let head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, text.len() as u8];
        [&head, &block.to_le_bytes()[..3], text].concat()
    }

    #[test]
    fn streams_may_follow_each_other() {
        assert_eq!(read(Packing::Gzip, &[gzip(b"one"), gzip(b"two")].concat()), (b"onetwo".to_vec(), true));
        assert_eq!(read(Packing::Gzip, &[gzip(b"one"), vec![0; 100]].concat()), (b"one".to_vec(), true));
        let skippable = [&[0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0][..], b"xx"].concat();
        assert_eq!(read(Packing::Zstd, &[zstd(b"one"), skippable, zstd(b"two")].concat()), (b"onetwo".to_vec(), true));
        assert!(!read(Packing::Zstd, &[zstd(b"one"), b"junk".to_vec()].concat()).1);
        assert_eq!(read(Packing::Bzip2, &[bzip2(b"one"), bzip2(b"two")].concat()), (b"onetwo".to_vec(), true));
        assert!(!read(Packing::Bzip2, &[bzip2(b"one"), b"junk".to_vec()].concat()).1);
    }

    #[test]
    fn truncations_are_errors_and_give_what_came() {
        let text: Vec<u8> = (0..20_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let whole = gzip(&text);
        let (out, ok) = read(Packing::Gzip, &whole[..whole.len() / 2]);
        assert!(!ok && !out.is_empty() && text.starts_with(&out));
        for (packing, bytes) in [
            (Packing::Zstd, zstd(b"some text")),
            (Packing::Xz, b"\xfd7zXZ\0\0\x04".to_vec()),
            (Packing::Bzip2, bzip2(b"some text")),
        ] {
            for length in 0..bytes.len() {
                read(packing, &bytes[..length]);
            }
        }
    }
}
