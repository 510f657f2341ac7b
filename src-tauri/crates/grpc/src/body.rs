//! Messages in the frames of gRPC over HTTP/2: five bytes, and the message; after the last, a status in
//! trailers.

use std::{convert::Infallible, io, pin::Pin};

use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, Response, header};
use http_body::Frame;
use http_body_util::{BodyExt as _, Limited, StreamBody};
use studio::{Error, ErrorCode, Result};
use tokio::{fs::File, io::AsyncReadExt as _};
use tonic::{
    Status,
    body::Body,
    metadata::{MetadataMap, MetadataValue},
};

use crate::{
    refusal::trailer,
    reply::{Encoded, TextFile},
};

/// The largest request, in bytes. None of the contract needs as much as a thousandth of it.
const LARGEST_REQUEST: usize = 256 << 20;
/// The flag for a compressed message, and the length of the message.
const PREFIX: usize = 5;
/// How much of a file is in memory at once, in bytes. Clients ask for windows of 64 KiB and more.
const PART: usize = 256 << 10;
/// The trailing metadata with the report of a call, as JSON.
const REPORT: &str = "fts-report-bin";

/// The one message of a request.
pub(crate) async fn message_of(body: Body) -> Result<Bytes, Status> {
    let collected = Limited::new(body, LARGEST_REQUEST).collect().await;
    let mut bytes = collected
        .map_err(|error| {
            let message = format!("The request could not be read to its end: {error}.");
            Status::unknown(message)
        })?
        .to_bytes();
    if bytes.len() < PREFIX {
        return Err(Status::unknown("The request has no message."));
    }
    let prefix = bytes.split_to(PREFIX);
    if prefix[0] != 0 {
        return Err(Status::unimplemented("Compressed requests are not supported. Send it uncompressed."));
    }
    Ok(bytes)
}

/// The response with a message, and the status that all went well.
pub(crate) fn response(encoded: Encoded) -> Result<Response<Body>> {
    let body = match encoded {
        Encoded::Message(message, report) => {
            let mut framed = prefix(message.len() as u64)?;
            framed.extend_from_slice(&message);
            let end = Frame::trailers(success(report.as_deref()));
            let frames = [Ok::<_, Infallible>(Frame::data(framed.freeze())), Ok(end)];
            Body::new(StreamBody::new(stream::iter(frames)))
        }
        Encoded::File(head, text) => {
            let mut framed = prefix(head.len() as u64 + text.size)?;
            framed.extend_from_slice(&head);
            let start = stream::once(async move { Ok(Frame::data(framed.freeze())) });
            let end = stream::once(async { Ok(Frame::trailers(success(None))) });
            Body::new(StreamBody::new(start.chain(parts(text)).chain(end)))
        }
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    Ok(response)
}

/// The bytes before a message.
fn prefix(length: u64) -> Result<BytesMut> {
    let length = u32::try_from(length).map_err(|_| {
        Error::new(
            ErrorCode::Invalid,
            "The response is larger than the 4 GiB that a message of gRPC can have.",
        )
        .hint("Export to a file instead.")
    })?;
    let mut prefix = BytesMut::with_capacity(PREFIX + 64);
    prefix.put_u8(0);
    prefix.put_u32(length);
    Ok(prefix)
}

fn success(report: Option<&str>) -> HeaderMap {
    let mut metadata = MetadataMap::new();
    if let Some(report) = report {
        metadata.insert_bin(REPORT, MetadataValue::from_bytes(trailer(report).as_bytes()));
    }
    let mut trailers = metadata.into_headers();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    trailers
}

type Parts = Pin<Box<dyn Stream<Item = io::Result<Frame<Bytes>>> + Send>>;

/// The bytes of a file, read as fast as the client takes them.
fn parts(text: TextFile) -> Parts {
    let TextFile { file, folder, size } = text;
    let state = (File::from_std(file), folder, size);
    Box::pin(stream::try_unfold(state, |(mut file, folder, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let mut part = BytesMut::with_capacity(PART.min(usize::try_from(left).unwrap_or(PART)));
        let read = file.read_buf(&mut part).await?;
        if read == 0 {
            // The length was announced; a shorter message would be taken for another one.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some((Frame::data(part.freeze()), (file, folder, left.saturating_sub(read as u64)))))
    }))
}
