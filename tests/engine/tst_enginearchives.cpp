// SPDX-License-Identifier: MIT
#include "engineundertest.h"

// compress and extract, and the calls that look at files: head-tail, search, du.
class TestEngineArchives : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void thereAndBack_data();
    void thereAndBack();
    void archivesAreUsual_data();
    void archivesAreUsual();
    void othersArchives_data();
    void othersArchives();
    void oneFile();
    void packFailures_data();
    void packFailures();
    void hostileArchives_data();
    void hostileArchives();
    void linksOut();
    void linkOnTheWay();
    void bomb();
    void tooManyEntries();
    void unpackFailures_data();
    void unpackFailures();
    void unpackReplacesFiles();
    void headAndTail_data();
    void headAndTail();
    void search_data();
    void search();
    void searchIsBounded();
    void diskUsage();
    void badRequests_data();
    void badRequests();

private:
    static QString encoded(const QString &text)
    {
        return QString::fromLatin1(QUrl::toPercentEncoding(text));
    }
    QJsonObject tool(const QByteArray &method, const QString &call)
    {
        const Answer answer = m_engine.call(method, m_files + call);
        if (answer.status != 200)
            qWarning() << call << answer.status << answer.body;
        return answer.data().toObject();
    }
    int code(const QByteArray &method, const QString &call)
    {
        const QJsonObject result = tool(method, call);
        if (result.value("exitCode"_L1).toInt(-1) != 0)
            qWarning() << call << result.value("stderr"_L1).toString();
        return result.value("exitCode"_L1).toInt(-1);
    }
    QString output(const QString &command) { return m_engine.output(m_id, command); }
    // Runs a Python program in the sandbox; true when it ended well.
    bool python(const QString &program)
    {
        const QJsonObject result =
            m_engine.exec(m_id, u"python3 - <<'END'\n"_s + program + u"\nEND"_s);
        if (result.value("exitCode"_L1).toInt(-1) != 0)
            qWarning() << result;
        return result.value("exitCode"_L1).toInt(-1) == 0;
    }

    EngineUnderTest m_engine;
    QString m_id;
    QString m_files;
};

namespace
{

// Names, kinds, modes, times and contents of a tree, as text.
constexpr auto describeTree =
    "find . -printf '%P %y %m %TY-%Tm-%Td %l\\n' | sort; find . -type f -exec md5sum {} + | sort"_L1;

}  // namespace

void TestEngineArchives::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
    m_files = u"/sandboxes/"_s + m_id + u"/files"_s;
}

void TestEngineArchives::init()
{
    m_engine.exec(m_id, u"find /app -type d -exec chmod u+rwx {} +; rm -rf /app/* /app/.[a-z]*"_s);
}

void TestEngineArchives::thereAndBack_data()
{
    QTest::addColumn<QString>("format");
    for (const QString &format : {u"tar"_s, u"tar.gz"_s, u"tar.bz2"_s, u"zip"_s})
        QTest::newRow(qPrintable(format)) << format;
}

void TestEngineArchives::thereAndBack()
{
    QFETCH(QString, format);
    m_engine.exec(
        m_id,
        u"mkdir -p 'tree/a b/grün/empty' && cd tree && printf text > 'a b/file' && "
        "head -c 3000000 /dev/urandom > 'a b/grün/big' && touch zero .hidden && "
        "ln -s 'a b/file' link && ln -s nowhere broken && chmod 751 'a b/file' && "
        "chmod 500 'a b/grün/empty' && touch -d 2024-02-29 'a b/file' zero 'a b/grün/empty'"_s);
    QCOMPARE(code("POST", u"/compress?path=/app/tree/&format="_s + format), 0);
    QCOMPARE(output(u"ls -A /app; stat -c %a /app/tree."_s + format),
             u"tree\ntree."_s + format + u"\n644\n"_s);
    QCOMPARE(code("POST", u"/extract?archive=/app/tree."_s + format + u"&dest=/app/new/place"_s),
             0);
    const QString before = output(u"cd /app/tree; "_s + describeTree);
    QCOMPARE(output(u"cd /app/new/place/tree; "_s + describeTree), before);
    QCOMPARE(before.count(u'\n') > 10, true);
}

// Other programs must be able to read them.
void TestEngineArchives::archivesAreUsual_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("command");
    QTest::newRow("tar") << u"tar"_s << u"tar -tf t.tar"_s;
    QTest::newRow("tar.gz") << u"tar.gz"_s << u"tar -tzf t.tar.gz"_s;
    QTest::newRow("tar.bz2")
        << u"tar.bz2"_s
        << u"python3 -c \"import tarfile; "
           "[print(i.name + '/'*i.isdir()) for i in tarfile.open('t.tar.bz2')]\""_s;
    QTest::newRow("zip") << u"zip"_s
                         << u"python3 -c \"import zipfile; z=zipfile.ZipFile('t.zip'); "
                            u"print(*z.namelist(), sep='\\n'); "
                            "assert z.testzip() is None\""_s;
}

void TestEngineArchives::archivesAreUsual()
{
    QFETCH(QString, format);
    QFETCH(QString, command);
    m_engine.exec(m_id, u"mkdir -p t/in; echo 1 > t/in/grün; echo 2 > t/file"_s);
    QCOMPARE(code("POST", u"/compress?path=/app/t&format="_s + format), 0);
    QCOMPARE(
        output(u"export PYTHONIOENCODING=utf8; "_s + command + u" | sed 's/^\\.\\///' | sort"_s),
        u"t/\nt/file\nt/in/\nt/in/grün\n"_s);
}

void TestEngineArchives::othersArchives_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("archive");
    QTest::newRow("tar") << u"tar -cf x.tar t"_s << u"x.tar"_s;
    QTest::newRow("tar with ./") << u"tar -cf x.tar ./t"_s << u"x.tar"_s;
    QTest::newRow("tgz") << u"tar -czf x.tgz t"_s << u"x.tgz"_s;
    QTest::newRow("tar.gz") << u"tar -czf x.tar.gz t"_s << u"x.tar.gz"_s;
    QTest::newRow("tar.bz2") << u"tar -cjf x.tar.bz2 t"_s << u"x.tar.bz2"_s;
    QTest::newRow("zip") << u"zip -qr x.zip t"_s << u"x.zip"_s;
    QTest::newRow("zip by Python") << u"python3 -m zipfile -c x.zip t"_s << u"x.zip"_s;
}

void TestEngineArchives::othersArchives()
{
    QFETCH(QString, command);
    QFETCH(QString, archive);
    m_engine.exec(m_id, u"mkdir -p t/in; echo 1 > t/in/one; ln t/in/one t/two; "_s + command);
    QCOMPARE(code("POST", u"/extract?archive=/app/"_s + archive + u"&dest=/app/out"_s), 0);
    QCOMPARE(output(u"cd out; find . -type f | sort; cat t/in/one t/two"_s),
             u"./t/in/one\n./t/two\n1\n1\n"_s);
}

void TestEngineArchives::oneFile()
{
    m_engine.exec(m_id, u"echo content > file"_s);
    QCOMPARE(code("POST", u"/compress?path=/app/file"_s), 0);  // tar.gz unless told
    QCOMPARE(code("POST", u"/extract?archive=/app/file.tar.gz&dest=/app/out"_s), 0);
    QCOMPARE(output(u"cat out/file"_s), u"content\n"_s);
}

void TestEngineArchives::packFailures_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("missing") << u"/nowhere"_s;
    QTest::newRow("root") << u"/"_s;
    QTest::newRow("dots") << u"/app/.."_s;
    QTest::newRow("read-only place") << u"/proc/self"_s;
    QTest::newRow("a folder in the archive's place") << u"/app/taken"_s;
}

void TestEngineArchives::packFailures()
{
    QFETCH(QString, path);
    m_engine.exec(m_id, u"mkdir -p taken taken.zip"_s);
    const QJsonObject result = tool("POST", u"/compress?format=zip&path="_s + path);
    QVERIFY(result.value("exitCode"_L1).toInt(0) != 0);
    QVERIFY(!result.value("stderr"_L1).toString().isEmpty());
    QCOMPARE(output(u"ls -A /app"_s), u"taken\ntaken.zip\n"_s);
}

void TestEngineArchives::hostileArchives_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("link");  // the entry is a hard link to it, if given
    for (const QString &kind : {u"tar"_s, u"zip"_s}) {
        QTest::addRow("%s parent", qPrintable(kind)) << kind << u"../escaped"_s << QString();
        QTest::addRow("%s deep parent", qPrintable(kind))
            << kind << u"a/../../escaped"_s << QString();
        QTest::addRow("%s absolute", qPrintable(kind)) << kind << u"/app/escaped"_s << QString();
    }
    QTest::newRow("hard link out") << u"tar"_s << u"in"_s << u"../../etc/passwd"_s;
    QTest::newRow("hard link absolute") << u"tar"_s << u"in"_s << u"/etc/passwd"_s;
}

void TestEngineArchives::hostileArchives()
{
    QFETCH(QString, kind);
    QFETCH(QString, name);
    QFETCH(QString, link);
    const QString program =
        kind == u"zip"_s
            ? u"import zipfile\nz=zipfile.ZipFile('x.zip','w')\nz.writestr('first','1')\n"
              "z.writestr('%1','2')\nz.close()"_s.arg(name)
            : u"import tarfile,io\nt=tarfile.open('x.tar','w')\n"
              "def add(n,l):\n i=tarfile.TarInfo(n)\n"
              " if l: i.type=tarfile.LNKTYPE; i.linkname=l; t.addfile(i)\n"
              " else: i.size=1; t.addfile(i,io.BytesIO(b'2'))\n"
              "add('first','')\nadd('%1','%2')\nt.close()"_s.arg(name, link);
    QVERIFY(python(program));
    const QJsonObject result = tool("POST", u"/extract?dest=/app/out&archive=/app/x."_s + kind);
    QVERIFY(result.value("exitCode"_L1).toInt(0) != 0);
    QVERIFY(result.value("stderr"_L1).toString().contains(u"leads out of the folder"_s));
    // Nothing at all has been written.
    QCOMPARE(output(u"ls -A /app"_s), u"x."_s + kind + u'\n');
}

void TestEngineArchives::linksOut()
{
    QVERIFY(python(
        u"import tarfile,io\nt=tarfile.open('x.tar','w')\n"
        "for n,l in (('abs','/etc/passwd'),('up','../outside'),('d/up','../../outside'),"
        "('d/ok','../file')):\n"
        " i=tarfile.TarInfo(n); i.type=tarfile.SYMTYPE; i.linkname=l; t.addfile(i)\n"
        "i=tarfile.TarInfo('fifo'); i.type=tarfile.FIFOTYPE; t.addfile(i)\n"
        "i=tarfile.TarInfo('file'); i.size=4; t.addfile(i,io.BytesIO(b'text'))\nt.close()"_s));
    const QJsonObject result = tool("POST", u"/extract?archive=/app/x.tar&dest=/app/out"_s);
    QCOMPARE(result.value("exitCode"_L1).toInt(), 1);
    const QStringList messages =
        result.value("stderr"_L1).toString().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(messages.size(), 4);
    QCOMPARE(output(u"cd out; find . | sort; cat d/ok"_s), u".\n./d\n./d/ok\n./file\ntext"_s);
}

// A link that is there before, or comes with the archive, is never written through.
void TestEngineArchives::linkOnTheWay()
{
    QVERIFY(
        python(u"import tarfile,io\nt=tarfile.open('x.tar','w')\n"
               "i=tarfile.TarInfo('in'); i.type=tarfile.SYMTYPE; i.linkname='other'; t.addfile(i)\n"
               "for n in ('in/file','way/file','own'):\n"
               " i=tarfile.TarInfo(n); i.size=1; t.addfile(i,io.BytesIO(b'2'))\nt.close()"_s));
    m_engine.exec(m_id,
                  u"mkdir -p out/other outside; ln -s ../outside out/way; "
                  "echo old > outside/own; ln -s ../outside/own out/own"_s);
    const QJsonObject result = tool("POST", u"/extract?archive=/app/x.tar&dest=/app/out"_s);
    QCOMPARE(result.value("exitCode"_L1).toInt(), 1);
    QCOMPARE(output(u"find outside out/other | sort; cat outside/own out/own"_s),
             u"out/other\noutside\noutside/own\nold\n2"_s);
}

void TestEngineArchives::bomb()
{
    // 3 GiB of zeros in some megabytes, and a file that says that it is much larger.
    QVERIFY(
        python(u"import tarfile,gzip\n"
               "class Z:\n"
               " def read(s,n=-1): return bytes(n)\n"
               "t=tarfile.open('x.tar.gz','w:gz',compresslevel=1)\n"
               "i=tarfile.TarInfo('zeros'); i.size=3<<30\n"
               "t.fileobj.write(i.tobuf()); b=bytes(1<<20)\n"
               "[t.fileobj.write(b) for _ in range(64)]\nt.fileobj.close()"_s));
    const QJsonObject result = tool("POST", u"/extract?archive=/app/x.tar.gz&dest=/app/out"_s);
    QCOMPARE(result.value("exitCode"_L1).toInt(), 1);
    QVERIFY2(result.value("stderr"_L1).toString().contains(u"too much for its size"_s),
             qPrintable(result.value("stderr"_L1).toString()));
    QCOMPARE(output(u"ls -A /app"_s), u"x.tar.gz\n"_s);
    // Zeros within reason are fine.
    m_engine.exec(m_id, u"truncate -s 200M zeros; rm x.tar.gz"_s);
    QCOMPARE(code("POST", u"/compress?path=/app/zeros"_s), 0);
    QCOMPARE(code("POST", u"/extract?archive=/app/zeros.tar.gz&dest=/app/out"_s), 0);
    QCOMPARE(output(u"cmp zeros out/zeros && echo same; rm -r zeros out"_s), u"same\n"_s);
}

void TestEngineArchives::tooManyEntries()
{
    QVERIFY(
        python(u"import tarfile\nb=tarfile.TarInfo('f').tobuf()\n"
               "import gzip\nf=gzip.open('x.tar.gz','wb',1)\n"
               "for _ in range(201): f.write(b*1000)\nf.write(bytes(1024)); f.close()"_s));
    const QJsonObject result = tool("POST", u"/extract?archive=/app/x.tar.gz&dest=/app/out"_s);
    QCOMPARE(result.value("exitCode"_L1).toInt(), 1);
    QVERIFY(result.value("stderr"_L1).toString().contains(u"more than 200000 entries"_s));
    QCOMPARE(output(u"ls -A /app"_s), u"x.tar.gz\n"_s);
}

void TestEngineArchives::unpackFailures_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("archive");
    QTest::newRow("missing") << u"true"_s << u"/app/x.tar"_s;
    QTest::newRow("folder") << u"mkdir x.tar"_s << u"/app/x.tar"_s;
    QTest::newRow("unknown ending") << u"echo > x.rar"_s << u"/app/x.rar"_s;
    QTest::newRow("no archive") << u"echo text > x.tar"_s << u"/app/x.tar"_s;
    QTest::newRow("no zip") << u"echo text > x.zip"_s << u"/app/x.zip"_s;
    QTest::newRow("wrong ending") << u"tar -cf x.tar.gz /etc/hosts 2>&1"_s << u"/app/x.zip"_s;
    QTest::newRow("cut")
        << u"head -c 100000 /dev/urandom > f; tar -cf - f | head -c 50000 > x.tar; rm f"_s
        << u"/app/x.tar"_s;
    QTest::newRow("cut gzip")
        << u"head -c 100000 /dev/urandom > f; tar -czf - f | head -c 50000 > x.tgz; rm f"_s
        << u"/app/x.tgz"_s;
    QTest::newRow("fifo") << u"mkfifo x.tar"_s << u"/app/x.tar"_s;
}

void TestEngineArchives::unpackFailures()
{
    QFETCH(QString, command);
    QFETCH(QString, archive);
    m_engine.exec(m_id, command);
    const QJsonObject result = tool("POST", u"/extract?dest=/app/out&archive="_s + archive);
    QVERIFY(result.value("exitCode"_L1).toInt(0) != 0);
    QVERIFY(!result.value("stderr"_L1).toString().isEmpty());
    QCOMPARE(output(u"ls -d /app/out 2>/dev/null"_s), QString());
}

void TestEngineArchives::unpackReplacesFiles()
{
    m_engine.exec(m_id,
                  u"mkdir -p t/in; echo new > t/file; echo new > t/in/x; tar -cf x.tar t; "
                  "echo old > t/file; echo keep > t/other; rm -r t/in; mkdir -p t/in/x"_s);
    const QJsonObject result = tool("POST", u"/extract?archive=/app/x.tar&dest=/app"_s);
    // A folder is not replaced by a file.
    QCOMPARE(result.value("exitCode"_L1).toInt(), 1);
    QVERIFY(result.value("stderr"_L1).toString().contains(u"t/in/x"_s));
    QCOMPARE(output(u"cat t/file t/other; ls -F t/in"_s), u"new\nkeep\nx/\n"_s);
}

void TestEngineArchives::headAndTail_data()
{
    QTest::addColumn<QString>("make");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("output");
    const auto row = [](const char *name, const QString &make, const QString &query,
                        const QString &output) { QTest::newRow(name) << make << query << output; };
    const QString ten = u"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"_s;
    row("head", u"seq 30"_s, u""_s, ten);
    row("head true", u"seq 30"_s, u"&head=true&lines=2"_s, u"1\n2\n"_s);
    row("tail", u"seq 30"_s, u"&head=false&lines=2"_s, u"29\n30\n"_s);
    row("tail without end", u"printf 'a\\nb\\nc'"_s, u"&head=false&lines=2"_s, u"b\nc"_s);
    row("head without end", u"printf 'a\\nb'"_s, u"&lines=5"_s, u"a\nb"_s);
    row("empty lines", u"printf '\\n\\n\\n'"_s, u"&head=false&lines=2"_s, u"\n\n"_s);
    row("empty head", u"true"_s, u""_s, {});
    row("empty tail", u"true"_s, u"&head=false"_s, {});
    row("fewer", u"seq 2"_s, u"&head=false&lines=10000"_s, u"1\n2\n"_s);
    row("large tail", u"seq 1000000"_s, u"&head=false&lines=1"_s, u"1000000\n"_s);
    row("Unicode", u"echo grün"_s, u""_s, u"grün\n"_s);
}

void TestEngineArchives::headAndTail()
{
    QFETCH(QString, make);
    QFETCH(QString, query);
    m_engine.exec(m_id, make + u" > file"_s);
    const QJsonObject result = tool("GET", u"/head-tail?path=/app/file"_s + query);
    QCOMPARE(result.value("exitCode"_L1).toInt(-1), 0);
    QTEST(result.value("stdout"_L1).toString(), "output");
    // As the usual programs do it, at every size of line and file.
    m_engine.exec(m_id, u"seq 1 7 200000 > file"_s);
    const QString lines = tool("GET", u"/head-tail?path=/app/file&head=false&lines=9999"_s)
                              .value("stdout"_L1)
                              .toString();
    QCOMPARE(lines, output(u"tail -n 9999 file"_s));
}

void TestEngineArchives::search_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("output");
    const auto row = [](const char *name, const QString &pattern, const QString &output) {
        QTest::newRow(name) << pattern << output;
    };
    row("part", u"main"_s, u"/app/src/main.cpp\n/app/src/main.h\n"_s);
    row("ending", u"*.h"_s, u"/app/src/main.h\n"_s);
    row("inside", u"m*n*p"_s, u"/app/src/main.cpp\n"_s);
    row("all", u"*"_s, u"/app/[x]\n/app/a b\n/app/src/main.cpp\n/app/src/main.h\n"_s);
    row("space", u"a b"_s, u"/app/a b\n"_s);
    row("no other wildcard", u"[x]"_s, u"/app/[x]\n"_s);
    row("folders are no files", u"src"_s, {});
    row("case", u"MAIN"_s, {});
    row("nothing", u"zzz"_s, {});
}

void TestEngineArchives::search()
{
    m_engine.exec(
        m_id,
        u"mkdir src; touch src/main.cpp src/main.h 'a b' '[x]'; ln -s src loop; ln -s /usr u"_s);
    QFETCH(QString, pattern);
    const QJsonObject result = tool("GET", u"/search?path=/app&pattern="_s + encoded(pattern));
    QCOMPARE(result.value("exitCode"_L1).toInt(-1), 0);
    QTEST(result.value("stdout"_L1).toString(), "output");
}

void TestEngineArchives::searchIsBounded()
{
    m_engine.exec(m_id, u"touch $(seq 300)"_s);
    QCOMPARE(
        tool("GET", u"/search?path=/app&pattern=*"_s).value("stdout"_L1).toString().count(u'\n'),
        100);
    // The kernel's own trees are not gone through, and a missing folder is a failure.
    QVERIFY(tool("GET", u"/search?path=/&pattern=no-such-name"_s)
                .value("stdout"_L1)
                .toString()
                .isEmpty());
    QVERIFY(tool("GET", u"/search?path=/nowhere&pattern=x"_s).value("exitCode"_L1).toInt() != 0);
    QVERIFY(tool("GET", u"/search?path=/etc/passwd&pattern=x"_s).value("exitCode"_L1).toInt() != 0);
}

void TestEngineArchives::diskUsage()
{
    m_engine.exec(m_id,
                  u"mkdir d; head -c 1500000 /dev/urandom > d/a; ln d/a d/b; echo > d/c; sync"_s);
    for (const QString &path : {u"d"_s, u"d/c"_s, u"d/a"_s}) {
        const QJsonObject result = tool("GET", u"/du?path=/app/"_s + path);
        QCOMPARE(result.value("exitCode"_L1).toInt(-1), 0);
        QCOMPARE(result.value("stdout"_L1).toString() + u'\n', output(u"du -sh /app/"_s + path));
    }
    QVERIFY(tool("GET", u"/du?path=/nowhere"_s).value("exitCode"_L1).toInt() != 0);
}

void TestEngineArchives::badRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("call");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &method, const QString &call,
                        int status = 400) { QTest::newRow(name) << method << call << status; };
    row("compress without path", "POST", u"/compress?format=zip"_s);
    row("compress unknown", "POST", u"/compress?path=/app&format=rar"_s);
    row("compress relative", "POST", u"/compress?path=app"_s);
    row("extract without archive", "POST", u"/extract?dest=/app"_s);
    row("extract without dest", "POST", u"/extract?archive=/app/x.tar"_s);
    row("lines 0", "GET", u"/head-tail?path=/app/x&lines=0"_s);
    row("lines 10001", "GET", u"/head-tail?path=/app/x&lines=10001"_s);
    row("lines text", "GET", u"/head-tail?path=/app/x&lines=ten"_s);
    row("lines negative", "GET", u"/head-tail?path=/app/x&lines=-1"_s);
    row("head text", "GET", u"/head-tail?path=/app/x&head=maybe"_s);
    row("search without pattern", "GET", u"/search?path=/app"_s);
    row("search without path", "GET", u"/search?pattern=x"_s);
    row("long pattern", "GET", u"/search?path=/app&pattern="_s + QString(256, u'a'));
    row("du without path", "GET", u"/du"_s);
    row("compress method", "GET", u"/compress?path=/app"_s, 405);
    row("du method", "POST", u"/du?path=/app"_s, 405);
}

void TestEngineArchives::badRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, call);
    const Answer answer = m_engine.call(method, m_files + call);
    QTEST(answer.status, "status");
    QVERIFY(!answer.error().isEmpty());
}

QTEST_GUILESS_MAIN(TestEngineArchives)
#include "tst_enginearchives.moc"
