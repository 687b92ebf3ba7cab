// SPDX-License-Identifier: MIT
#pragma once

#include <QBuffer>
#include <QIODevice>

namespace voidrun
{

// The body of one request, read once and never again: it is sequential and cannot be rewound, so
// that QNetworkAccessManager, which repeats a request by itself when a connection ends before the
// answer, cannot repeat this one. Gives exactly the announced number of bytes or fails.
class UploadBody : public QIODevice
{
    Q_OBJECT

public:
    UploadBody(const QByteArray &bytes, QObject *parent);
    // `source` is read from its current position to its end; it outlives this.
    UploadBody(QIODevice *source, QObject *parent);

    qint64 announcedSize() const { return m_announced; }
    qint64 sent() const { return m_sent; }

    bool isSequential() const override { return true; }
    bool reset() override { return false; }
    bool atEnd() const override { return m_sent >= m_announced && QIODevice::atEnd(); }
    qint64 bytesAvailable() const override;

Q_SIGNALS:
    // The source could not be read, ended early or has grown; the request must not complete.
    void failed(const QString &why);

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    void fail(const QString &why);

    QBuffer m_buffer;
    QIODevice *m_source;
    qint64 m_announced = 0;
    qint64 m_sent = 0;
    bool m_failed = false;
};

}  // namespace voidrun
