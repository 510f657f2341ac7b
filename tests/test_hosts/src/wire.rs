//! The line between a client and a server: what goes over it can be held back, and it can be cut.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How long a busy machine may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A relay on loopback. Everything goes through until it is held back.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    to: u16,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The bytes that may still pass, in both directions together; none where all may.
    credit: Option<u64>,
    /// The connections of which bytes are held back.
    held: Vec<u64>,
    /// Those that are open, the newest last.
    open: Vec<Open>,
    connections: u64,
    is_over: bool,
}

#[derive(Debug)]
struct Open {
    number: u64,
    ends: [TcpStream; 2],
    /// The bytes that passed, in both directions together.
    passed: u64,
}

impl Wire {
    /// A line to a port of loopback.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let shared = Arc::new(Shared { to: port, state: Mutex::default(), changed: Condvar::default() });
        let wire = Self { port: listener.local_addr().unwrap().port(), shared: Arc::clone(&shared) };
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                if shared.state().is_over {
                    break;
                }
                shared.connect(client);
            }
        });
        wire
    }

    /// The port of this end.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets so many bytes through from now on, and holds back what comes after them; none for all.
    pub fn let_through(&self, bytes: Option<u64>) {
        let mut state = self.shared.state();
        state.credit = bytes;
        state.held.clear();
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Waits until bytes are held back.
    pub fn until_held_back(&self) {
        self.wait("bytes are held back", |state| !state.held.is_empty());
    }

    /// Waits until a connection is open over which so many bytes have passed, in both directions together.
    pub fn until_passed(&self, bytes: u64) {
        self.wait("bytes have passed", |state| state.newest() >= Some(bytes));
    }

    /// The bytes that have passed over the newest of the open connections, in both directions together.
    pub fn passed(&self) -> u64 {
        self.shared.state().newest().unwrap_or_default()
    }

    /// Ends every connection. What is held back is lost.
    pub fn cut(&self) {
        let mut state = self.shared.state();
        for open in state.open.drain(..) {
            open.close();
        }
        state.held.clear();
        drop(state);
        self.shared.changed.notify_all();
    }

    fn wait(&self, what: &str, so: impl Fn(&State) -> bool) {
        let started = Instant::now();
        let mut state = self.shared.state();
        while !so(&state) {
            assert!(started.elapsed() < PATIENCE, "not in {PATIENCE:?}: {what}");
            let waited = self.shared.changed.wait_timeout(state, PATIENCE);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.state().is_over = true;
        self.cut();
        // The thread that accepts connections looks again.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the other half of a connection and lets its bytes pass. Where the server is away, the client's end is
    /// closed.
    fn connect(self: &Arc<Self>, client: TcpStream) {
        let Ok(server) = TcpStream::connect(("127.0.0.1", self.to)) else { return };
        for end in [&client, &server] {
            let _ = end.set_nodelay(true);
        }
        let mut state = self.state();
        state.connections += 1;
        let number = state.connections;
        let ends = [client.try_clone().unwrap(), server.try_clone().unwrap()];
        state.open.push(Open { number, ends, passed: 0 });
        drop(state);
        self.changed.notify_all();
        let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
        for (from, to) in [(client, server), back] {
            let shared = Arc::clone(self);
            thread::spawn(move || shared.relay(number, from, to));
        }
    }

    fn relay(&self, number: u64, mut from: TcpStream, mut to: TcpStream) {
        let mut block = vec![0; 1 << 14];
        while let Ok(length @ 1..) = from.read(&mut block) {
            let mut bytes = &block[..length];
            while !bytes.is_empty() {
                let Some(most) = self.may_pass(number, bytes.len()) else { return };
                let (now, later) = bytes.split_at(most);
                if to.write_all(now).is_err() {
                    break;
                }
                bytes = later;
            }
        }
        let mut state = self.state();
        state.held.retain(|held| *held != number);
        if let Some(at) = state.open.iter().position(|open| open.number == number) {
            state.open.remove(at).close();
        }
        drop(state);
        self.changed.notify_all();
    }

    /// How many of so many bytes may pass, at least one; none where the connection was cut. Waits as long as none may.
    fn may_pass(&self, number: u64, bytes: usize) -> Option<usize> {
        let mut state = self.state();
        loop {
            let State { credit, open, held, .. } = &mut *state;
            let open = open.iter_mut().find(|open| open.number == number)?;
            let most = credit.map_or(bytes, |credit| bytes.min(usize::try_from(credit).unwrap_or(bytes)));
            if most > 0 {
                if let Some(credit) = credit {
                    *credit -= most as u64;
                }
                open.passed += most as u64;
                drop(state);
                self.changed.notify_all();
                return Some(most);
            }
            if !held.contains(&number) {
                held.push(number);
                self.changed.notify_all();
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    /// The bytes that passed over the newest connection.
    fn newest(&self) -> Option<u64> {
        self.open.last().map(|open| open.passed)
    }
}

impl Open {
    fn close(&self) {
        for end in &self.ends {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}
