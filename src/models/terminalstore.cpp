// SPDX-License-Identifier: MIT
#include "terminalstore.h"

#include <QDataStream>
#include <QDir>
#include <QRandomGenerator>
#include <QSaveFile>
#include <QSet>

#include <sys/stat.h>

#include <algorithm>

#include "terminaloutput.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr quint32 Magic = 0x56525457;  // "VRTW"
constexpr quint16 Version = 1;
constexpr qint64 MaxDescription = 4LL << 20;
constexpr int MaxWindows = 16;
constexpr int MaxDepth = 16;  // of splits in splits
constexpr int MaxParts = 64;
constexpr qsizetype MaxText = 500;  // characters of a name or an id
constexpr auto Description = "/terminals"_L1;
constexpr auto Screen = ".screen"_L1;

void write(QDataStream &out, const TerminalLayout &layout)
{
    out << quint8(layout.type) << layout.tabs << qint32(layout.current) << layout.sizes
        << qint32(layout.parts.size());
    for (const TerminalLayout &part : layout.parts)
        write(out, part);
}

bool read(QDataStream &in, TerminalLayout *layout, int depth = 0)
{
    quint8 type = 0;
    qint32 current = 0;
    qint32 parts = 0;
    in >> type >> layout->tabs >> current >> layout->sizes >> parts;
    if (in.status() != QDataStream::Ok || type > quint8(TerminalLayout::Type::Column) ||
        depth > MaxDepth || parts < 0 || parts > MaxParts)
        return false;
    layout->type = TerminalLayout::Type(type);
    layout->current = current;
    for (qint32 i = 0; i < parts; ++i) {
        if (!read(in, &layout->parts.emplaceBack(), depth + 1))
            return false;
    }
    return true;
}

bool read(QDataStream &in, SavedTerminal *terminal)
{
    qint32 number = 0;
    in >> terminal->key >> terminal->connectionId >> terminal->sandboxId >> terminal->sandboxName >>
        terminal->sessionId >> terminal->isReadOnly >> number >> terminal->title >>
        terminal->ofSession;
    terminal->number = qMax(1, number);
    const bool isKey = !terminal->key.isEmpty() && std::ranges::all_of(terminal->key, [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z');
    });
    const auto isShort = [](const QString &text) { return text.size() <= MaxText; };
    return in.status() == QDataStream::Ok && isKey && isShort(terminal->key) &&
           isShort(terminal->connectionId) && isShort(terminal->sandboxId) &&
           isShort(terminal->sandboxName) && isShort(terminal->sessionId) &&
           isShort(terminal->title);
}

QByteArray described(const SavedTerminals &saved)
{
    QByteArray text;
    QDataStream out(&text, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_8);
    out << Magic << Version << qint32(saved.terminals.size());
    for (const SavedTerminal &terminal : saved.terminals)
        out << terminal.key << terminal.connectionId << terminal.sandboxId << terminal.sandboxName
            << terminal.sessionId << terminal.isReadOnly << qint32(terminal.number)
            << terminal.title << terminal.ofSession;
    write(out, saved.main);
    out << qint32(saved.windows.size());
    for (const SavedTerminals::Window &window : saved.windows) {
        out << window.geometry;
        write(out, window.layout);
    }
    return text;
}

bool parse(QDataStream &in, SavedTerminals *saved)
{
    quint32 magic = 0;
    quint16 version = 0;
    qint32 count = 0;
    in >> magic >> version >> count;
    if (magic != Magic || version != Version || count < 0 || count > TerminalStore::MaxTerminals)
        return false;
    for (qint32 i = 0; i < count; ++i) {
        if (!read(in, &saved->terminals.emplaceBack()))
            return false;
    }
    if (!read(in, &saved->main))
        return false;
    in >> count;
    if (count < 0 || count > MaxWindows)
        return false;
    for (qint32 i = 0; i < count; ++i) {
        SavedTerminals::Window &window = saved->windows.emplaceBack();
        in >> window.geometry;
        if (!read(in, &window.layout))
            return false;
    }
    return in.status() == QDataStream::Ok;
}

void replaceFile(const QString &name, const QByteArray &bytes)
{
    QSaveFile file(name);
    if (!file.open(QIODevice::WriteOnly))
        return;
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(bytes);
    file.commit();
}

}  // namespace

TerminalStore::TerminalStore(const QString &folder) : m_folder(folder), m_lock(folder + "/lock"_L1)
{
    m_lock.setStaleLockTime(0);  // held for as long as its process lives
    m_writer.setMaxThreadCount(1);
}

TerminalStore::~TerminalStore()
{
    m_writer.waitForDone();
}

bool TerminalStore::isOurs()
{
    if (m_folder.isEmpty())
        return false;
    QDir().mkpath(m_folder);
    ::chmod(QFile::encodeName(m_folder).constData(), 0700);
    return m_lock.isLocked() || m_lock.tryLock(0);
}

QString TerminalStore::fileOf(const QString &key) const
{
    return m_folder % u'/' % key % Screen;
}

SavedTerminals TerminalStore::load()
{
    SavedTerminals saved;
    if (!isOurs())
        return saved;
    QFile file(m_folder + Description);
    if (file.open(QIODevice::ReadOnly) && file.size() <= MaxDescription) {
        QDataStream in(&file);
        in.setVersion(QDataStream::Qt_6_8);
        if (!parse(in, &saved))
            saved = {};
    }
    for (SavedTerminal &terminal : saved.terminals) {
        QFile screen(fileOf(terminal.key));
        if (screen.open(QIODevice::ReadOnly) && screen.size() <= TerminalOutput::MaxKept)
            terminal.output = screen.readAll();
        terminal.ofSession = qBound<qint64>(0, terminal.ofSession, terminal.output.size());
    }
    sweep(saved);
    return saved;
}

void TerminalStore::save(SavedTerminals *terminals)
{
    if (!isOurs())
        return;
    for (SavedTerminal &terminal : terminals->terminals) {
        if (terminal.key.isEmpty())
            terminal.key = QString::number(QRandomGenerator::system()->generate64(), 36);
        if (m_written.value(terminal.key, 0) == terminal.outputNumber && terminal.outputNumber > 0)
            continue;
        m_written.insert(terminal.key, terminal.outputNumber);
        m_writer.start(
            [file = fileOf(terminal.key), output = terminal.output] { replaceFile(file, output); });
    }
    m_writer.start([this, saved = *terminals, text = described(*terminals)] {
        replaceFile(m_folder + Description, text);
        sweep(saved);
    });
}

// What belongs to no terminal, such as what a killed application was writing.
void TerminalStore::sweep(const SavedTerminals &kept)
{
    QSet<QString> files;
    for (const SavedTerminal &terminal : kept.terminals)
        files.insert(terminal.key % Screen);
    QDir folder(m_folder);
    for (const QString &name : folder.entryList({u"*.screen*"_s, u"terminals.*"_s}, QDir::Files)) {
        if (!files.contains(name))
            folder.remove(name);
    }
}

}  // namespace voidrun
