"""What the benchmarks of mail servers share: Sluice and Postfix, one run of smtp-source against each, and interleaved rounds."""
import os, pwd, shutil, statistics, subprocess, sys, tempfile, time

RUNTIME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TICK = os.sysconf("SC_CLK_TCK")
os.environ["PATH"] += ":/usr/sbin"


def cpu(pids):
    """CPU seconds of the processes, their live descendants and the children they have reaped."""
    table = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = open("/proc/%s/stat" % name).read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            table[int(name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    wanted, total = set(pids), 0
    grown = True
    while grown:
        more = {p for p, (parent, _) in table.items() if parent in wanted} - wanted
        grown = bool(more)
        wanted |= more
    for p in wanted:
        total += table.get(p, (0, 0))[1]
    return total / TICK


def make_maildir(path, uid, gid):
    for part in ("", "/tmp", "/new", "/cur"):
        os.makedirs(path + part, exist_ok=True)
        os.chown(path + part, uid, gid)


class Sluice:
    """An instance of its own, with the mailbox of its first start or with those given."""

    name = "sluice"

    def __init__(self, work, users=(), account=None):
        self.home = work + "/sluice"
        self.env = dict(os.environ, SLUICE_HOME=self.home, SLUICE_SMTP_PORT="0")
        own = pwd.getpwuid(os.getuid())
        self._command("mailbox", "add", own.pw_name)  # makes the home directory
        user = pwd.getpwnam(account) if account else own
        mail = self.home + "/mail"
        if users:
            with open(self.home + "/users/assign", "w") as f:
                for name in users:
                    f.write("=%s:%s:%d:%d:%s/%s:::\n" % (name, name, user.pw_uid, user.pw_gid, mail, name))
                f.write(".\n")
            for name in users:
                make_maildir("%s/%s/Maildir" % (mail, name), user.pw_uid, user.pw_gid)
                os.chown("%s/%s" % (mail, name), user.pw_uid, user.pw_gid)
        if user != own:
            for directory in (work, self.home, mail):
                os.chmod(directory, 0o755)
        text = self._command("start")
        said = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
        self.maildirs = ["%s/%s/Maildir" % (mail, name) for name in users] or [said["maildir"]]
        self.to = users[-1] + "@localhost" if users else said["mailbox"]
        self.address = said["ready"].split()[-1]
        self.pids = [int(open(self.home + "/run/pid").read())]

    def _command(self, *words):
        command = [RUNTIME + "/sluice", *words]
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout

    def stop(self):
        subprocess.run([RUNTIME + "/sluice", "stop"], env=self.env)


class Running:
    """A Sluice that is there already."""

    name = "sluice"

    def __init__(self, address, maildir, to, pid):
        self.address, self.maildirs, self.to, self.pids = address, [maildir], to, [pid]

    def stop(self):
        pass


class Postfix:
    """From a directory of its own, on a loopback port, delivering into a Maildir for each user."""

    name = "postfix"

    def __init__(self, work, port, users=("bench",)):
        root, self.address, self.to = work + "/postfix", "127.0.0.1:%d" % port, users[-1] + "@localhost"
        for directory in ("conf", "queue", "data", "mail"):
            os.makedirs(root + "/" + directory)
        owner = pwd.getpwnam("postfix")
        user = pwd.getpwnam("nobody")
        os.chmod(work, 0o755)
        os.chown(root + "/data", owner.pw_uid, -1)
        os.chown(root + "/mail", user.pw_uid, user.pw_gid)
        self.maildirs = ["%s/mail/%s/Maildir" % (root, name) for name in users]
        for name, maildir in zip(users, self.maildirs):
            make_maildir(maildir, user.pw_uid, user.pw_gid)
            os.chown(os.path.dirname(maildir), user.pw_uid, user.pw_gid)
        with open(root + "/conf/mailboxes", "w") as f:
            for name in users:
                f.write("%s@localhost %s/Maildir/\n" % (name, name))
        with open(root + "/conf/main.cf", "w") as f:
            f.write(f"""compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = localhost
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = texthash:{root}/conf/mailboxes
virtual_uid_maps = static:{user.pw_uid}
virtual_gid_maps = static:{user.pw_gid}
maillog_file = {root}/data/log
maillog_file_prefixes = {root}
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
default_process_limit = 200
alias_maps =
""")
        with open(root + "/conf/master.cf", "w") as f:
            f.write("%d inet n - n - - smtpd\n" % port)
            for line in ("pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
                         "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce",
                         "trace unix - - n - 0 bounce", "flush unix n - n 1000? 0 flush", "proxymap unix - - n - - proxymap",
                         "smtp unix - - n - - smtp", "error unix - - n - - error", "retry unix - - n - - error",
                         "virtual unix - n n - - virtual", "anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache",
                         "postlog unix-dgram n - n - 1 postlogd"):
                f.write(line + "\n")
        self.conf = root + "/conf"
        subprocess.run(["postfix", "-c", self.conf, "start"], check=True, capture_output=True)
        self.pids = [int(open(root + "/queue/pid/master.pid").read())]

    def stop(self):
        subprocess.run(["postfix", "-c", self.conf, "stop"], capture_output=True)


def empty(maildir):
    """Moved away, not removed: a file system that has just lost thousands of files allocates the next ones slowly, and the run
    would measure what the one before has left."""
    aside = "%s/new-%d" % (maildir, time.monotonic_ns())
    os.rename(maildir + "/new", aside)
    os.mkdir(maildir + "/new", 0o700)
    owner = os.stat(aside)
    os.chown(maildir + "/new", owner.st_uid, owner.st_gid)


def one(server, messages, options):
    """Sends so many messages by smtp-source: seconds until all are accepted, until all are in every Maildir, and CPU seconds."""
    for maildir in server.maildirs:
        empty(maildir)
    before, start = cpu(server.pids), time.monotonic()
    command = ["smtp-source", "-m", str(messages), "-f", "a@b.example", "-t", server.to, *options, server.address]
    subprocess.run(command, check=True)
    accepted = time.monotonic() - start
    for maildir in server.maildirs:
        while len(os.listdir(maildir + "/new")) < messages:
            if time.monotonic() - start > 300:
                sys.exit("%s: not all of %d delivered into %s after 300 s" % (server.name, messages, maildir))
            time.sleep(0.01)
    return accepted, time.monotonic() - start, cpu(server.pids) - before


def medians(servers, rounds, run):
    """What run(server) gives, its medians over the rounds by the server's name. Who comes first changes with each round."""
    figures = {s.name: [] for s in servers}
    for r in range(rounds):
        for server in servers if r % 2 == 0 else servers[::-1]:
            figures[server.name].append(run(server))
    return {n: [statistics.median(c) for c in zip(*f)] for n, f in figures.items()}


def ratios(median):
    """Sluice's by Postfix's; empty if one of them is not there."""
    return [[s / p for s, p in zip(median["sluice"], median["postfix"])]] if len(median) == 2 else []


def beside(sluice, port, measure, users=("bench",)):
    """Calls measure with the servers that can be had, Sluice as the function makes it in a directory; they are stopped after it."""
    if not shutil.which("smtp-source"):
        sys.exit("smtp-source is not installed; on Debian: apt-get install postfix")
    work = tempfile.mkdtemp(prefix="sluice-bench-")
    servers = []
    try:
        servers.append(sluice(work))
        if os.getuid() == 0 and shutil.which("postfix"):
            servers.append(Postfix(work, port, users))
        else:
            print("Postfix is left out: that needs root and the package postfix")
        measure(servers)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)
