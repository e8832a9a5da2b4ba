//! An HTTP server for this machine only, in a thread of its own: the page of `cargo xtask demo`,
//! and the servers of tests.

use std::future::IntoFuture;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use axum::Router;
use axum::serve::ListenerExt;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// A running server. Dropping it closes the port and every connection.
///
/// One thread serves all connections, so the spare ones that a browser opens and never uses, and
/// readers that are slow, keep nobody waiting.
pub struct Server {
    /// Where it listens, always on 127.0.0.1.
    pub addr: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Takes a port of 127.0.0.1; port 0 takes any free one.
///
/// # Errors
/// Another program has the port.
pub fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!(
            "cannot listen on 127.0.0.1:{port}\nremedy: another port with --port <number>, or any free one with \
                 --port 0"
        )
    })
}

impl Server {
    /// Answers the requests that come in on `listener` as `router` says.
    ///
    /// # Errors
    /// The system refuses a thread or what a runtime needs.
    pub fn start(router: Router, listener: TcpListener) -> Result<Server> {
        let addr = listener.local_addr().context("the listener has no address")?;
        let runtime = Builder::new_current_thread().enable_all().build().context("cannot start a server")?;
        listener.set_nonblocking(true).context("cannot start a server")?;
        let listener = {
            let _in_runtime = runtime.enter();
            tokio::net::TcpListener::from_std(listener).context("cannot start a server")?
        };
        // Else the end of an answer can wait for the client to acknowledge its beginning.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let (end, ended) = oneshot::channel();
        let thread = std::thread::Builder::new().name("server".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = axum::serve(listener, router).into_future() => {}
                    _ = ended => {}
                }
            });
            // Not the graceful way, which waits for clients that keep their connections open.
            runtime.shutdown_background();
        });
        Ok(Server { addr, end: Some(end), thread: Some(thread.context("cannot start a server")?) })
    }

    /// The address of the page, with a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        self.thread.take().map(JoinHandle::join);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Without a receiver the server has ended by itself.
        self.end.take().map(|end| end.send(()));
        self.thread.take().map(JoinHandle::join);
    }
}
