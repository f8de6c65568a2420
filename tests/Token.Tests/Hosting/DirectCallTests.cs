using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Hosting;

/// <summary>The methods that run straight on Kestrel, as a client that makes its own frames sees them.</summary>
public sealed class DirectCallTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private static readonly Wire.CheckPermissionRequest Check = new()
    {
        RealmId = "demo",
        ClientId = "demo-service",
        Permission = "invoices.create",
        OrganizationId = "acme",
    };

    [Fact]
    public async Task One_message_in_one_message_out_and_the_status_behind_it()
    {
        var (response, body) = await SendAsync(Frame(Check.ToByteArray()));

        Assert.Equal((HttpStatusCode.OK, "application/grpc"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
        Assert.Equal(0, body[0]);
        Assert.Equal(body.Length - 5, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)));
        Assert.True(Wire.CheckPermissionResponse.Parser.ParseFrom(body.AsSpan(5)).Allowed);
    }

    public static TheoryData<string, byte[]> BadBodies => new()
    {
        { "nothing", [] },
        { "half a prefix", [0, 0, 0] },
        { "a prefix that promises more than comes", [0, 0, 0, 0, 9, 1] },
        { "more than the prefix promises", [.. Frame(Check.ToByteArray()), 0] },
        { "two messages", [.. Frame(Check.ToByteArray()), .. Frame(Check.ToByteArray())] },
        { "the flag of a compressed message without an encoding", [1, .. Frame(Check.ToByteArray())[1..]] },
        { "no protobuf", Frame([0xff, 0xff, 0xff]) },
        { "a length near four gigabytes", [0, 0xff, 0xff, 0xff, 0xff] },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_body_that_is_not_one_message_is_refused(string what, byte[] body)
    {
        var (response, answer) = await SendAsync(body);

        Assert.True("3" == Status(response), $"{what}: grpc-status {Status(response)}");
        Assert.Empty(answer);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        var (response, _) = await SendAsync(Frame(new byte[2 * 1024 * 1024]));

        Assert.Equal("8", Status(response));
    }

    [Fact]
    public async Task A_compressed_message_takes_the_usual_way()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Check.ToByteArray());
        }

        var frame = Frame(compressed.ToArray());
        frame[0] = 1;

        var (response, body) = await SendAsync(frame, ("grpc-encoding", "gzip"));

        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
        Assert.True(Wire.CheckPermissionResponse.Parser.ParseFrom(body.AsSpan(5)).Allowed);
    }

    [Fact]
    public async Task An_error_has_its_details_and_a_message_that_a_header_can_carry()
    {
        var request = Check.Clone();
        request.Permission = "grüße\n%";

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await fixture.Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Equal(
            ["permission"],
            await Refusals.FieldsOfAsync(fixture.Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator)));
    }

    [Fact]
    public async Task A_deadline_ends_a_call_that_waits()
    {
        var request = Check.Clone();
        request.MinRevision = long.MaxValue;

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await fixture.Service.Permissions.CheckPermissionAsync(
            request, TokenReplica.Operator, TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300)));

        Assert.Contains(exception.StatusCode, new[] { StatusCode.DeadlineExceeded, StatusCode.Unavailable });
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("5x")]
    [InlineData("S")]
    [InlineData("123456789S")]
    public async Task A_malformed_timeout_is_never_an_answer(string timeout)
    {
        var (response, body) = await SendAsync(Frame(Check.ToByteArray()), ("grpc-timeout", timeout));

        // The gRPC server ignores what it cannot read, or refuses it; it does not fail.
        Assert.Contains(Status(response), new[] { "0", "3", "13" });
        Assert.True(Status(response) == "0" || body.Length == 0);
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static string? Status(HttpResponseMessage response) =>
        response.Headers.TryGetValues("grpc-status", out var values) || response.TrailingHeaders.TryGetValues("grpc-status", out values)
            ? values.Single()
            : null;

    private async Task<(HttpResponseMessage Response, byte[] Body)> SendAsync(byte[] body, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(new Uri(fixture.Service.GrpcAddress), "/pltfrms.iam.token.v1.PermissionService/CheckPermission"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach (var entry in TokenReplica.Operator)
        {
            request.Headers.Add(entry.Key, entry.Value);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var response = await http.SendAsync(request);
        return (response, await response.Content.ReadAsByteArrayAsync());
    }
}
