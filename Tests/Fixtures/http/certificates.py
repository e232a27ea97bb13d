"""A certificate authority of its own, and certificates of it that are good, for another name, expired, or of nobody."""

import ssl
import subprocess


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def found(folder):
    """Paths by name: `authority`, and certificate with key for each of `good`, `other`, `alone`, `expired`."""
    papers = {name: (f"{folder}/{name}.pem", f"{folder}/{name}-key.pem") for name in ["good", "other", "alone", "expired"]}
    return {**papers, "authority": f"{folder}/authority.pem"}


def make(folder):

    def path(name):
        return f"{folder}/{name}.pem"

    def request(name, host, *words):
        openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path(f"{name}-key"),
            "-subj", f"/CN={host}", "-addext", f"subjectAltName={names(host)}", *words,
        )

    def names(host):
        return f"DNS:{host},IP:127.0.0.1,IP:::1" if host == "localhost" else f"DNS:{host}"

    request("authority", "Atlas Test Authority", "-x509", "-days", "2", "-out", path("authority"))
    request("alone", "localhost", "-x509", "-days", "2", "-out", path("alone"))
    open(path("index"), "w").close()
    with open(path("config"), "w") as config:
        config.write(
            f"[ca]\ndefault_ca = ca\n[ca]\ndatabase = {path('index')}\nnew_certs_dir = {folder}\nrand_serial = yes\n"
            "default_md = sha256\npolicy = any\ncopy_extensions = copy\nunique_subject = no\n[any]\ncommonName = supplied\n"
        )
    for name, host, start, end in [
        ("good", "localhost", "20200101000000Z", "20990101000000Z"),
        ("other", "other.example", "20200101000000Z", "20990101000000Z"),
        ("expired", "localhost", "20200101000000Z", "20210101000000Z"),
    ]:
        request(name, host, "-new", "-out", path(f"{name}-request"))
        openssl(
            "ca", "-batch", "-notext", "-config", path("config"), "-cert", path("authority"), "-keyfile",
            path("authority-key"), "-startdate", start, "-enddate", end, "-in", path(f"{name}-request"), "-out", path(name),
        )
    return found(folder)


def context(papers, name, protocols=None, old=False):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*papers[name])
    if protocols:
        context.set_alpn_protocols(protocols)
    if old:
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context
