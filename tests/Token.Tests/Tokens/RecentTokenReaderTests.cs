using Google.Protobuf;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.V1;

namespace Token.Tests.Tokens;

public sealed class RecentTokenReaderTests : IDisposable
{
    private static readonly string Known = new string('t', 600) + "0123456789abcdef";

    private readonly RecentTokens _recent = new(TimeProvider.System);
    private readonly RecentTokenReader<CheckPermissionRequest> _checks;
    private readonly RecentTokenReader<IntrospectTokenRequest> _introspections;

    public RecentTokenReaderTests()
    {
        _checks = new(
            _recent,
            CheckPermissionRequest.Descriptor,
            request => request.SubjectCase == CheckPermissionRequest.SubjectOneofCase.None,
            (request, token) => request.AccessToken = token);
        _introspections = new(_recent, IntrospectTokenRequest.Descriptor, request => request.Token.Length == 0, (request, token) => request.Token = token);
        _recent.Read(Known);
        _recent.Read(Known);
    }

    public static TheoryData<CheckPermissionRequest> Checks => new(
        new CheckPermissionRequest(),
        new CheckPermissionRequest { RealmId = "demo", AccessToken = Known, Permission = "invoices.read" },
        new CheckPermissionRequest { AccessToken = Known },
        new CheckPermissionRequest { RealmId = "demo", AccessToken = Known[1..] + "x", Permission = "invoices.read" },
        new CheckPermissionRequest { RealmId = "demo", AccessToken = "", Permission = "invoices.read" },
        new CheckPermissionRequest { RealmId = "demo", AccessToken = "short" },
        new CheckPermissionRequest { RealmId = "demo", AccessToken = new string('x', 20_000) },
        new CheckPermissionRequest { RealmId = "demo", UserId = "alice", Permission = "invoices.read", MinRevision = 7 },
        new CheckPermissionRequest { RealmId = new string('r', 600), AccessToken = Known },
        new CheckPermissionRequest
        {
            RealmId = "demo",
            AccessToken = Known,
            Permission = "invoices.read",
            OrganizationId = "acme",
            MinRevision = 1L << 40,
            IncludeTrace = true,
            Context = new DecisionContext { Acr = "2", SourceAddress = "10.0.0.1" },
            Resource = new ResourceReference { Type = "invoice", Identifier = "7" },
        });

    public void Dispose() => _recent.Dispose();

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_request_reads_as_the_parser_reads_it(CheckPermissionRequest request) =>
        Assert.Equal(request, _checks.Read(request.ToByteArray()));

    [Fact]
    public void The_text_of_a_token_that_is_at_hand_is_not_made_anew()
    {
        var message = new IntrospectTokenRequest { RealmId = "demo", Token = Known, MinRevision = 3 }.ToByteArray();

        var read = _introspections.Read(message);

        Assert.Same(Known, read.Token);
        Assert.Equal(("demo", 3), (read.RealmId, read.MinRevision));
    }

    [Fact]
    public void Who_sends_a_second_token_or_another_subject_is_read_as_the_parser_reads_it()
    {
        var known = new CheckPermissionRequest { RealmId = "demo", AccessToken = Known, Permission = "invoices.read" }.ToByteArray();
        foreach (var more in new[]
        {
            new CheckPermissionRequest { AccessToken = "another" },
            new CheckPermissionRequest { AccessToken = Known },
            new CheckPermissionRequest { UserId = "alice" },
            new CheckPermissionRequest { ClientId = "demo-service" },
            new CheckPermissionRequest { RealmId = "other" },
        })
        {
            byte[] behind = [.. known, .. more.ToByteArray()];
            byte[] before = [.. more.ToByteArray(), .. known];

            Assert.Equal(CheckPermissionRequest.Parser.ParseFrom(behind), _checks.Read(behind));
            Assert.Equal(CheckPermissionRequest.Parser.ParseFrom(before), _checks.Read(before));
        }
    }

    [Fact]
    public void Whatever_is_cut_off_or_changed_is_read_or_refused_as_the_parser_does()
    {
        var message = new CheckPermissionRequest
        {
            RealmId = "demo",
            AccessToken = Known,
            Permission = "invoices.read",
            Resource = new ResourceReference { Type = "invoice", Identifier = "7" },
        }.ToByteArray();
        var random = new Random(7);
        for (var length = 0; length <= message.Length; length++)
        {
            AssertReadAlike(message[..length]);
        }

        for (var i = 0; i < 20_000; i++)
        {
            var changed = message.ToArray();
            // Most of the message is the token; what is around it is changed as often.
            var at = random.Next(2) == 0 ? random.Next(changed.Length) : random.Next(12) is var near && near < 10 ? near : changed.Length - random.Next(1, 40);
            changed[at] = (byte)random.Next(256);
            AssertReadAlike(changed);
        }
    }

    private void AssertReadAlike(byte[] message)
    {
        CheckPermissionRequest? parsed = null;
        try
        {
            parsed = CheckPermissionRequest.Parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            Assert.Throws<InvalidProtocolBufferException>(() => _checks.Read(message));
        }

        if (parsed is not null)
        {
            Assert.Equal(parsed, _checks.Read(message));
        }
    }
}
