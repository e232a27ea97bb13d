"""Certificates for servers of the tests: a certification authority of one's own, made by `openssl` when it is needed. Standard library.

    with Certificates() as made: context = made.server_context(); …  made.ca_file is what a client is to trust
"""

import ssl
import subprocess
import tempfile
from pathlib import Path

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Certificates:
    """`ca_file`, and `cert_file` with `key_file` for the names given, in a temporary folder that goes at the end."""

    def __init__(self, names=("DNS:localhost", "IP:127.0.0.1")):
        self.temporary = tempfile.TemporaryDirectory(prefix="atlas-certificates-")
        self.folder = Path(self.temporary.name)
        self.ca_file, self.cert_file, self.key_file = (str(self.folder / name) for name in ("ca.pem", "server.pem", "server.key"))
        (self.folder / "openssl.cnf").write_text(
            "[req]\ndistinguished_name = name\nprompt = no\nx509_extensions = ca\n[name]\nCN = Atlas test\n"
            "[ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\nsubjectKeyIdentifier = hash\n"
            "[server]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = serverAuth\nauthorityKeyIdentifier = keyid\n"
            f"subjectAltName = {','.join(names)}\n")
        self.openssl("req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Atlas test authority")
        self.openssl("req", "-new", *KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
        self.openssl(
            "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "server.pem", "-days", "2",
            "-extfile", "openssl.cnf", "-extensions", "server")

    def openssl(self, command, *arguments):
        settings = ["-config", "openssl.cnf"] if command == "req" else []
        done = subprocess.run(["openssl", command, *settings, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"openssl {command}: {done.stderr}")

    def server_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert_file, self.key_file)
        return context

    def close(self):
        self.temporary.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
