// SPDX-License-Identifier: MIT
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "models/mimeprograms.h"
#include "trees.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;

// A desktop of our own, by the environment that tells every program where it is.
class TestMimePrograms : public QObject
{
    Q_OBJECT

private:
    void addProgram(const QString &folder, const QString &id, const QByteArray &more = {})
    {
        QVERIFY(writeFile(
            m_dir->filePath(folder + u"/applications/"_s + id + u".desktop"_s),
            "[Desktop Entry]\nType=Application\nName=" + id.toUtf8() + "\nExec=true %f\n" + more));
    }
    void addList(const QString &file, const QByteArray &text)
    {
        QVERIFY(writeFile(m_dir->filePath(file), text));
    }
    static QString entry(const char *type)
    {
        return mimeprograms::entryFor(QString::fromLatin1(type)).section(u'/', -1);
    }

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_dir->filePath(u"config"_s).toUtf8());
        qputenv("XDG_CONFIG_DIRS", m_dir->filePath(u"etc"_s).toUtf8());
        qputenv("XDG_DATA_HOME", m_dir->filePath(u"data"_s).toUtf8());
        qputenv("XDG_DATA_DIRS", (m_dir->filePath(u"usr"_s) + u":/usr/share"_s).toUtf8());
        qunsetenv("XDG_CURRENT_DESKTOP");
        addProgram(u"usr"_s, u"one"_s);
        addProgram(u"usr"_s, u"two"_s);
    }

    void whoIsFirst()
    {
        QCOMPARE(entry("x-test/a"), QString());
        addList(u"usr/applications/mimeinfo.cache"_s,
                "[MIME Cache]\nx-test/a=gone.desktop;one.desktop;two.desktop;\n");
        QCOMPARE(entry("x-test/a"), u"one.desktop"_s);
        addList(u"etc/mimeapps.list"_s, "[Added Associations]\nx-test/a=two.desktop;\n");
        QCOMPARE(entry("x-test/a"), u"two.desktop"_s);
        addList(u"config/mimeapps.list"_s,
                "[Default Applications]\nx-test/a=missing.desktop;one.desktop\n");
        QCOMPARE(entry("x-test/a"), u"one.desktop"_s);
        qputenv("XDG_CURRENT_DESKTOP", "Other:KDE");
        addList(u"config/kde-mimeapps.list"_s,
                "# words\n[Default Applications]\nx-test/a=two.desktop\n");
        QCOMPARE(entry("x-test/a"), u"two.desktop"_s);
        addProgram(u"data"_s, u"two"_s, "Hidden=true\n");
        QCOMPARE(entry("x-test/a"), u"one.desktop"_s);
    }

    void removedAssociations()
    {
        addList(u"usr/applications/mimeinfo.cache"_s,
                "[MIME Cache]\nx-test/a=one.desktop;two.desktop;\n");
        addList(u"config/mimeapps.list"_s, "[Removed Associations]\nx-test/a=one.desktop;\n");
        QCOMPARE(entry("x-test/a"), u"two.desktop"_s);
    }

    void namesInFolders()
    {
        QVERIFY(writeFile(m_dir->filePath(u"usr/applications/kde/note-pad.desktop"_s),
                          "[Desktop Entry]\nType=Application\nName=Notes\nExec=true\n"));
        addList(u"config/mimeapps.list"_s,
                "[Default Applications]\nx-test/a=kde-note-pad.desktop\nx-test/b=../one.desktop\n");
        QCOMPARE(entry("x-test/a"), u"note-pad.desktop"_s);
        QCOMPARE(entry("x-test/b"), QString());
    }

    void programOfAFile()
    {
        const QString text = m_dir->filePath(u"notes.md"_s);
        QVERIFY(writeFile(text, "# Notes\n"));
        addList(u"config/mimeapps.list"_s, "[Default Applications]\ntext/plain=one.desktop\n");
        QCOMPARE(mimeprograms::programFor(text, false), u"one"_s);  // Markdown is a plain text
        addList(u"config/mimeapps.list"_s,
                "[Default Applications]\ntext/plain=one.desktop\ntext/markdown=two.desktop\n");
        QCOMPARE(mimeprograms::programFor(text, false), u"two"_s);
        addProgram(u"usr"_s, u"two"_s, "Terminal=true\n");
        QCOMPARE(mimeprograms::programFor(text, false), QString());
        addProgram(u"usr"_s, u"two"_s, "TryExec=/nowhere\n");
        QCOMPARE(mimeprograms::programFor(text, false), u"one"_s);
    }

    void whatCouldRunStays_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("isExecutable");
        QTest::addColumn<bool>("may");
        const QByteArray script = "#!/bin/sh\necho\n";
        const QByteArray entry = "[Desktop Entry]\nType=Application\nExec=true\n";
        const QByteArray program(
            "\x7f"
            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0",
            20);
        const auto row = [](const char *label, const QString &name, const QByteArray &content,
                            bool isExecutable, bool may) {
            QTest::newRow(label) << name << content << isExecutable << may;
        };
        row("text", u"a.txt"_s, "hello", false, true);
        row("text with the bit", u"a.txt"_s, "hello", true, true);
        row("picture", u"a.png"_s, "\x89PNG\r\n\x1a\n", false, true);
        row("script", u"a.sh"_s, script, false, true);
        row("script with the bit", u"a.sh"_s, script, true, false);
        row("script with the bit and no ending", u"run"_s, script, true, false);
        row("Python with the bit", u"a.py"_s, "#!/usr/bin/env python3\n", true, false);
        row("script that says it is a text", u"a.txt"_s, script, true, false);
        row("desktop entry", u"a.desktop"_s, entry, false, false);
        row("desktop entry by its content", u"a"_s, entry, false, false);
        row("desktop entry that says it is a text", u"a.desktop.txt"_s, entry, false, false);
        row("program", u"a"_s, program, false, false);
        row("program that says it is a picture", u"a.png"_s, program, false, false);
        row("Windows program", u"a.EXE"_s, "MZ", false, false);
        row("Java", u"a.jar"_s, "PK\x03\x04", false, false);
        row("package", u"a.deb"_s, "!<arch>\ndebian-binary", false, false);
        row("AppImage", u"a.AppImage"_s, program, false, false);
    }

    void whatCouldRunStays()
    {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, content);
        QFETCH(const bool, isExecutable);
        const QString path = m_dir->filePath(name);
        QVERIFY(writeFile(path, content));
        QTEST(mimeprograms::mayLeave(path, isExecutable), "may");
    }

private:
    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(TestMimePrograms)

#include "tst_mimeprograms.moc"
