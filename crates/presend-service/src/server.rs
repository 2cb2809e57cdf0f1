//! Listening, connections and their ends.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, Sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tower::ServiceExt as _;

use crate::auth::{Auth, Reloading};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::conversations;
use crate::http::{App, Extras, Peer, router};
use crate::keys::Keys;
use crate::problem::ProblemKind;
use crate::service::Service;
use crate::tls;

/// A server that listens and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: Arc<App>,
    router: Router,
    tls: Option<Reloading<ServerConfig>>,
    stopping: watch::Sender<bool>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// How a connection's bytes are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// What connections share.
struct Shared {
    router: Router,
    app: Arc<App>,
    stopping: watch::Receiver<bool>,
    header_time: Duration,
    idle: Duration,
}

impl Server {
    /// Reads keys and certificates and listens.
    ///
    /// # Errors
    ///
    /// Where the configuration does not make sense, a file of it cannot be read, the address is taken, or conversations
    /// were sealed with other keys.
    pub async fn bind(config: &Config, service: Service, extras: &Extras) -> Result<Self, ConfigError> {
        config.check()?;
        if let Err(problem) = service.conversations_ready().await {
            if problem.kind() == ProblemKind::ConversationKeys {
                return Err(ConfigError::new(format!("conversations.store: {}", problem.detail())));
            }
            tracing::warn!(%problem, "requests with a conversation are refused until it answers");
        }
        let tls = tls::load(&config.tls)?;
        let (stopping, stopped) = watch::channel(false);
        let app = Arc::new(App::new(config.clone(), service, stopped)?);
        let router = router(&app, extras)?;
        let taken = |error: io::Error| {
            ConfigError::new(format!("cannot listen on {}: {error}", config.server.listen))
        };
        let listener = TcpListener::bind(config.server.listen).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        Ok(Self { listener, address, app, router, tls, stopping })
    }

    /// Where it listens; the port is a real one where the configuration had 0.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is over; then takes no connections any more, and gives requests and streams the configured
    /// time to end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let limits = &self.app.config.limits;
        let most = limits.connections.min(Semaphore::MAX_PERMITS);
        let places = Arc::new(Semaphore::new(most));
        let shared = Arc::new(Shared {
            router: self.router,
            stopping: self.app.stopping.clone(),
            header_time: Duration::from_secs(limits.header_seconds),
            idle: Duration::from_secs(limits.idle_seconds),
            app: Arc::clone(&self.app),
        });
        let mut stop = pin!(stop);
        let period = Duration::from_secs(self.app.config.server.reload_seconds);
        let mut reload = tokio::time::interval_at(Instant::now() + period, period);
        let mut hang_up = HangUp::new();
        loop {
            tokio::select! {
                () = &mut stop => break,
                () = hang_up.wait() => refresh(&self.app, self.tls.as_ref(), true),
                _ = reload.tick() => refresh(&self.app, self.tls.as_ref(), false),
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, address)) => match Arc::clone(&places).try_acquire_owned() {
                        Ok(place) => {
                            let shared = Arc::clone(&shared);
                            let tls = self.tls.as_ref().map(Reloading::get);
                            tokio::spawn(async move {
                                let open = shared.app.service.metrics().connections.clone();
                                open.inc();
                                shared.serve(stream, address, tls).await;
                                open.dec();
                                drop(place);
                            });
                        }
                        Err(_) => shed(stream, self.tls.is_some()),
                    },
                    Err(error) => {
                        // Too many open files, for instance: there is nothing to do but to wait for some to close.
                        tracing::warn!(%error, "cannot take a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
            }
        }
        drop(self.listener);
        self.app.service.stop();
        self.stopping.send_replace(true);
        let sockets = self.app.config.limits.sockets.min(Semaphore::MAX_PERMITS);
        let drained = async {
            let all = |places: usize| u32::try_from(places).unwrap_or(u32::MAX);
            let _ = places.acquire_many(all(most)).await;
            let _ = self.app.sockets.acquire_many(all(sockets)).await;
        };
        let time = Duration::from_secs(self.app.config.limits.drain_seconds);
        if timeout(time, drained).await.is_err() {
            tracing::warn!("some requests were cut off");
        }
    }
}

/// Reads what has changed: certificates, keys of the API and of tokens.
fn refresh(app: &App, tls: Option<&Reloading<ServerConfig>>, in_any_case: bool) {
    app.auth.refresh(in_any_case);
    if let Some(tls) = tls {
        tls.refresh(in_any_case);
    }
}

/// Answers a connection beyond the limit with as little work as possible.
fn shed(mut stream: TcpStream, is_tls: bool) {
    const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    if !is_tls {
        tokio::spawn(async move {
            let _ = timeout(Duration::from_secs(1), stream.write_all(BUSY)).await;
        });
    }
}

impl Shared {
    async fn serve(&self, stream: TcpStream, address: SocketAddr, tls: Option<Arc<ServerConfig>>) {
        let _ = stream.set_nodelay(true);
        let alive = socket2::TcpKeepalive::new().with_time(self.idle).with_interval(Duration::from_secs(10));
        let _ = socket2::SockRef::from(&stream).set_tcp_keepalive(&alive);
        let mut peer = Peer { address: address.ip(), certificate: None };
        match tls {
            None => {
                let Ok(Some(version)) = timeout(self.header_time, version(&stream)).await else { return };
                self.answer(stream, version, peer).await;
            }
            Some(tls) => {
                let accepted = timeout(self.header_time, TlsAcceptor::from(tls).accept(stream)).await;
                let Ok(Ok(stream)) = accepted else { return };
                let (_, session) = stream.get_ref();
                let certificate = session.peer_certificates().and_then(<[_]>::first);
                peer.certificate = certificate.map(tls::fingerprint);
                let version =
                    if session.alpn_protocol() == Some(b"h2") { Version::Two } else { Version::One };
                self.answer(stream, version, peer).await;
            }
        }
    }

    async fn answer<S>(&self, stream: S, version: Version, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer.clone());
            router.clone().oneshot(request.map(Body::new))
        });
        let stream = TokioIo::new(Watched::new(stream, self.idle));
        let mut stopping = self.stopping.clone();
        let stopped = async move {
            let _ = stopping.wait_for(|stopping| *stopping).await;
        };
        let mut stopped = pin!(stopped);
        // Errors of a connection are the client's going away or its breach of the protocol: nothing to tell.
        match version {
            Version::One => {
                let mut builder = http1::Builder::new();
                builder
                    .timer(TokioTimer::new())
                    .header_read_timeout(self.header_time)
                    .max_buf_size(64 * 1024);
                let mut connection = pin!(builder.serve_connection(stream, service).with_upgrades());
                tokio::select! {
                    _ = connection.as_mut() => return,
                    () = &mut stopped => connection.as_mut().graceful_shutdown(),
                }
                let _ = connection.await;
            }
            Version::Two => {
                let mut builder = http2::Builder::new(TokioExecutor::new());
                builder
                    .timer(TokioTimer::new())
                    // WebSockets over HTTP/2, RFC 8441.
                    .enable_connect_protocol()
                    .keep_alive_interval(Some(self.idle / 2))
                    .keep_alive_timeout(self.header_time)
                    .max_concurrent_streams(128)
                    .max_header_list_size(32 * 1024);
                let mut connection = pin!(builder.serve_connection(stream, service));
                tokio::select! {
                    _ = connection.as_mut() => return,
                    () = &mut stopped => connection.as_mut().graceful_shutdown(),
                }
                let _ = connection.await;
            }
        }
    }
}

/// Which version of HTTP a client without TLS begins with; `None` where it goes away. It does not take the bytes.
async fn version(stream: &TcpStream) -> Option<Version> {
    const TWO: &[u8] = b"PRI ";
    let mut start = [0; 4];
    loop {
        let length = stream.peek(&mut start).await.ok().filter(|length| *length > 0)?;
        let begun = start.get(..length)?;
        if begun == TWO {
            return Some(Version::Two);
        }
        if !TWO.starts_with(begun) {
            return Some(Version::One);
        }
        // A few bytes that both versions can begin with; peeking does not wait for more.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A connection that breaks where its peer takes nothing for too long.
struct Watched<S> {
    stream: S,
    patience: Duration,
    /// Runs while a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    const fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, deadline: None }
    }

    fn watch<T>(&mut self, context: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.deadline = None;
            return poll;
        }
        let end = Instant::now() + self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.watch(context, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(context, poll)
    }
}

/// The signal that asks to read files again, where the system has it.
struct HangUp {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl HangUp {
    fn new() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Self { signal: signal(SignalKind::hangup()).ok() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    async fn wait(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

/// Is over when somebody asks the process to end: SIGTERM or Ctrl-C.
pub async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut signal) = signal(SignalKind::terminate())
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

/// Serves until the process is asked to end, on threads of its own; `listening` is told the address.
///
/// # Errors
///
/// As for [`Server::bind`].
pub fn run(
    config: &Config,
    service: Service,
    extras: &Extras,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ConfigError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| ConfigError::new(format!("cannot start threads: {error}")))?;
    runtime.block_on(async {
        let server = Server::bind(config, service, extras).await?;
        listening(server.address());
        tracing::info!(address = %server.address(), "listening");
        server.run(asked_to_stop()).await;
        tracing::info!("stopped");
        Ok(())
    })
}

/// Reads every file that the configuration names, as the server would, without listening or connecting.
///
/// # Errors
///
/// The first file or setting that cannot be used.
pub fn check_files(config: &Config, keys: Option<&Keys>) -> Result<(), ConfigError> {
    config.check()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    conversations::store(&config.conversations, keys, &clock)?;
    tls::load(&config.tls)?;
    Auth::new(config)?;
    if let Some(file) = &config.audit.file {
        crate::audit::check(file).map_err(|error| ConfigError::new(format!("audit.file: {error}")))?;
    }
    Ok(())
}
