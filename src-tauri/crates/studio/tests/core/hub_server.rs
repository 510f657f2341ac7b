//! A hub of the test's own: a real server that speaks the shapes of the Hub's API.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

/// What the server says to a request.
#[derive(Clone)]
pub(crate) enum Say {
    Json(Value),
    Text(u16, &'static str),
    /// A refusal with the Hub's own code for it.
    Refused(u16, &'static str),
    /// Nothing, until the client goes.
    Nothing,
    /// A body without an end.
    Endless,
}

/// A request as it came: its path, and the token that came with it.
pub(crate) type Asked = (String, Option<String>);

pub(crate) struct Server {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers what these paths say, and that it knows nothing else.
    pub(crate) fn new(pages: Vec<(&'static str, Say)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, pages) = (Arc::clone(&asked), Arc::new(pages));
        std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let (log, pages) = (Arc::clone(&log), Arc::clone(&pages));
                // A client that hangs up is no failure of the server.
                std::thread::spawn(move || answer(connection, &pages, &log).ok());
            }
        });
        Self { address, asked }
    }

    /// What was asked so far, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(connection: TcpStream, pages: &[(&str, Say)], log: &Mutex<Vec<Asked>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut token = None;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("authorization: Bearer ") {
            token = Some(value.to_owned());
        }
    }
    let said = pages.iter().find(|(known, _)| *known == path).map(|(_, say)| say.clone());
    log.lock().unwrap().push((path, token));
    let mut out = connection;
    let mut respond = |status: u16, head: &str, body: &str| {
        let length = body.len();
        write!(
            out,
            "HTTP/1.1 {status} X\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
    };
    match said.unwrap_or(Say::Refused(404, "RepoNotFound")) {
        Say::Json(value) => respond(200, "", &value.to_string()),
        Say::Text(status, text) => respond(status, "", text),
        Say::Refused(status, code) => respond(status, &format!("X-Error-Code: {code}\r\n"), "{}"),
        Say::Nothing => out.read(&mut [0]).map(|_| ()),
        Say::Endless => {
            out.write_all(b"HTTP/1.1 200 X\r\n\r\n")?;
            loop {
                out.write_all(&[b' '; 65_536])?;
            }
        }
    }
}

/// `GET /api/models/acme/tiny`.
pub(crate) fn tiny() -> Value {
    json!({
        "id": "acme/tiny", "sha": "0123abc", "private": false, "gated": false, "usedStorage": 2_000_000_000_u64,
        "config": {"architectures": ["LlamaForCausalLM"], "model_type": "llama"},
        "cardData": {"license": "apache-2.0", "base_model": ["acme/base"]},
        "safetensors": {"parameters": {"F32": 10, "BF16": 990}, "total": 1000},
        "tags": ["license:apache-2.0"], "siblings": [{"rfilename": "config.json"}],
    })
}

/// `GET /api/datasets/acme/rows`, whose card names the columns.
pub(crate) fn rows() -> Value {
    json!({
        "id": "acme/rows", "sha": "4567def", "gated": "auto", "description": "\n\tQuestions.\n",
        "cardData": {"license": ["cc-by-4.0"], "dataset_info": {
            "features": [{"name": "question", "dtype": "string"}, {"name": "answer", "dtype": "string"}],
            "splits": [{"name": "train", "num_bytes": 10, "num_examples": 87_599}],
            "download_size": 16_000,
        }},
    })
}
