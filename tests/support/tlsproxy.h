// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QSslCertificate>
#include <QTemporaryDir>
#include <QUrl>

namespace voidrun::test
{

// nginx with TLS and HTTP/2 in front of a server on loopback, with a certificate for `localhost`
// that is signed by an authority of its own.
class TlsProxy
{
public:
    explicit TlsProxy(quint16 targetPort) : m_targetPort(targetPort) {}
    ~TlsProxy();

    // False with `problem()`, for example without nginx or openssl.
    bool start();
    // https://localhost:PORT/api; `host` may be another name for this computer.
    QUrl baseUrl(const QString &host = QStringLiteral("localhost")) const;
    QSslCertificate authority() const { return m_authority; }
    // "HTTP/2.0 GET /api/version" for each request so far.
    QStringList requests() const;
    QString problem() const { return m_problem; }

private:
    bool makeCertificates();
    bool writeConfiguration();
    bool run(const QString &program, const QStringList &arguments);
    QString path(const QString &name) const { return m_folder.filePath(name); }

    quint16 m_targetPort;
    quint16 m_port = 0;
    QTemporaryDir m_folder;
    QSslCertificate m_authority;
    QProcess m_nginx;
    QString m_problem;
};

}  // namespace voidrun::test
