// SPDX-License-Identifier: MIT
#include "tlsproxy.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>

namespace voidrun::test
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int startLimit = 15000;  // ms

}  // namespace

TlsProxy::~TlsProxy()
{
    m_nginx.terminate();
    if (!m_nginx.waitForFinished(5000))
        m_nginx.kill();
    m_nginx.waitForFinished(5000);
}

QUrl TlsProxy::baseUrl(const QString &host) const
{
    return QUrl(u"https://%1:%2/api"_s.arg(host).arg(m_port));
}

bool TlsProxy::run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(program, arguments);
    if (process.waitForFinished(startLimit) && process.exitCode() == 0)
        return true;
    m_problem = program + u": "_s + process.errorString() + u' ' +
                QString::fromUtf8(process.readAllStandardError());
    return false;
}

bool TlsProxy::makeCertificates()
{
    const QStringList key{u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s,
                          u"-nodes"_s};
    const bool made =
        run(u"openssl"_s, QStringList{u"req"_s, u"-x509"_s, u"-days"_s, u"2"_s, u"-subj"_s,
                                      u"/CN=test authority"_s, u"-keyout"_s, u"ca.key"_s, u"-out"_s,
                                      u"ca.pem"_s} +
                              key) &&
        run(u"openssl"_s, QStringList{u"req"_s, u"-x509"_s, u"-days"_s, u"2"_s, u"-subj"_s,
                                      u"/CN=localhost"_s, u"-CA"_s, u"ca.pem"_s, u"-CAkey"_s,
                                      u"ca.key"_s, u"-addext"_s, u"subjectAltName=DNS:localhost"_s,
                                      u"-addext"_s, u"basicConstraints=critical,CA:FALSE"_s,
                                      u"-keyout"_s, u"server.key"_s, u"-out"_s, u"server.pem"_s} +
                              key);
    if (!made)
        return false;
    m_authority = QSslCertificate::fromPath(path(u"ca.pem"_s)).value(0);
    return !m_authority.isNull();
}

bool TlsProxy::writeConfiguration()
{
    {
        QTcpServer free;
        free.listen(QHostAddress::LocalHost);
        m_port = free.serverPort();
    }
    const QString text =
        uR"(daemon off; master_process off; pid nginx.pid; error_log stderr error;
events {}
http {
  log_format calls '$server_protocol $request_method $uri';
  access_log calls.log calls;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u;
  scgi_temp_path s;
  map $http_upgrade $connection_kind { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:%1 ssl; listen [::1]:%1 ssl; http2 on; client_max_body_size 0;
    ssl_certificate server.pem; ssl_certificate_key server.key;
    location / {
      proxy_pass http://127.0.0.1:%2; proxy_http_version 1.1; proxy_set_header Host 127.0.0.1:%2;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_kind;
      proxy_buffering off; proxy_request_buffering off;
    }
  }
})"_s.arg(m_port)
            .arg(m_targetPort);
    QFile file(path(u"nginx.conf"_s));
    return file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) > 0;
}

bool TlsProxy::start()
{
    if (!makeCertificates() || !writeConfiguration())
        return false;
    m_nginx.setStandardErrorFile(path(u"nginx.err"_s));
    m_nginx.start(u"nginx"_s, {u"-p"_s, m_folder.path(), u"-c"_s, path(u"nginx.conf"_s)});
    const QDeadlineTimer deadline(startLimit);
    while (m_nginx.waitForStarted(100) || m_nginx.state() != QProcess::NotRunning) {
        QTcpSocket probe;
        probe.connectToHost(QHostAddress::LocalHost, m_port);
        if (probe.waitForConnected(1000))
            return true;
        if (deadline.hasExpired())
            break;
        m_nginx.waitForFinished(50);
    }
    QFile error(path(u"nginx.err"_s));
    m_problem = u"nginx: %1 "_s.arg(m_nginx.errorString());
    if (error.open(QIODevice::ReadOnly))
        m_problem += QString::fromUtf8(error.readAll());
    return false;
}

QStringList TlsProxy::requests() const
{
    QFile file(path(u"calls.log"_s));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
}

}  // namespace voidrun::test
