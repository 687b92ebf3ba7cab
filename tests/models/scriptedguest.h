// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

#include "api/profile.h"
#include "support/scriptedserver.h"

namespace voidrun::test
{

// A server whose one sandbox holds exactly the files, listings and failures that a test names, also
// such as no honest server would send. Lives in the test's thread.
class ScriptedGuest
{
public:
    ScriptedGuest();

    ConnectionProfile profile() const;
    static QString sandboxId() { return QStringLiteral("0123456789abcdef01234567"); }

    // What a listing names; the name is sent as it is.
    static QJsonObject entry(const QString &name, qint64 size = 0, bool isDir = false,
                             const QString &mode = QStringLiteral("0644"));
    void setFolder(const QString &path, const QJsonArray &entries);
    void setFile(const QString &path, const QByteArray &content, uint mode = 0100644);
    void setStatus(const QString &path, int status) { m_statuses.insert(path, status); }
    void clearStatus(const QString &path) { m_statuses.remove(path); }
    // What a download of that file gets instead of its content.
    void setDownloadReply(const QString &path, const ScriptedReply &reply)
    {
        m_downloadReplies.insert(path, reply);
    }
    void clearDownloadReply(const QString &path) { m_downloadReplies.remove(path); }
    // What a listing of that folder gets.
    void setFolderReply(const QString &path, const ScriptedReply &reply)
    {
        m_folderReplies.insert(path, reply);
    }
    // Every download is cut in its middle, with its whole length announced.
    void setCutDownloads(bool cut) { m_cutsDownloads = cut; }
    // What stat says of a file, whatever is true.
    void setStatedSize(const QString &path, qint64 size) { m_statedSizes.insert(path, size); }
    // What every command prints; each is successful.
    void setCommandOutput(const QString &output) { m_commandOutput = output; }
    void setDelay(std::chrono::milliseconds delay) { m_delay = delay; }
    void remove(const QString &path);

    QByteArray content(const QString &path) const { return m_files.value(path).content; }
    bool hasFolder(const QString &path) const { return m_folders.contains(path); }
    // "POST move /a /b", in the order of their coming.
    QStringList calls() const { return m_calls; }
    int callCount(const QString &call) const { return static_cast<int>(m_calls.count(call)); }
    void clearCalls() { m_calls.clear(); }
    ScriptedServer &server() { return m_server; }

private:
    struct File {
        QByteArray content;
        uint mode = 0;
    };

    ScriptedReply answer(const SeenRequest &request);
    ScriptedReply change(const QString &action, const QString &path, const QString &to,
                         const QByteArray &body);
    ScriptedReply stat(const QString &path) const;
    ScriptedReply download(const QString &path) const;

    ScriptedServer m_server;
    QHash<QString, QJsonArray> m_folders;
    QHash<QString, File> m_files;
    QHash<QString, int> m_statuses;
    QHash<QString, ScriptedReply> m_downloadReplies;
    QHash<QString, ScriptedReply> m_folderReplies;
    QHash<QString, qint64> m_statedSizes;
    QStringList m_calls;
    QString m_commandOutput;
    bool m_cutsDownloads = false;
    std::chrono::milliseconds m_delay{0};
};

}  // namespace voidrun::test
