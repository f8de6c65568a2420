using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using GrpcStatus = Grpc.Core.Status;
using RpcStatus = Google.Rpc.Status;

namespace Conformance.Tests.Running;

/// <summary>An answer over gRPC: a message or a status.</summary>
internal sealed record GrpcAnswer(string Fingerprint, string? Token, GrpcStatus Status, RpcStatus? Details, JsonObject Fields) : Answer(Fingerprint, Token)
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public override bool Succeeded => Status.StatusCode == StatusCode.OK;

    public static GrpcAnswer Of(IMessage message, string? token)
    {
        var fields = JsonNode.Parse(Formatter.Format(message))!.AsObject();
        return new GrpcAnswer(fields.ToJsonString(), token, GrpcStatus.DefaultSuccess, null, fields);
    }

    public static GrpcAnswer Of(RpcException exception)
    {
        var bytes = exception.Trailers.GetValueBytes("grpc-status-details-bin");
        var trailers = string.Join('\n', exception.Trailers.Where(entry => !entry.IsBinary && entry.Key != "date").Select(entry => $"{entry.Key}: {entry.Value}"));
        return new GrpcAnswer(
            $"{exception.Status.StatusCode}\n{exception.Status.Detail}\n{trailers}\n{(bytes is null ? "" : Convert.ToHexString(bytes))}",
            null,
            exception.Status,
            bytes is null ? null : RpcStatus.Parser.ParseFrom(bytes),
            []);
    }

    public override void AssertMeets(Expectation expectation)
    {
        var expected = expectation.Grpc!;
        Assert.True(
            ScreamingSnakeCase(Status.StatusCode.ToString()) == expected.Code, $"expected {expected.Code}, found {Status.StatusCode}: {Status.Detail} {Fields.ToJsonString()}");
        if (Succeeded)
        {
            AssertMembers(expected.Fields ?? [], Fields, absentIsEmpty: true);
            return;
        }

        Assert.NotNull(Details);
        Assert.Equal((int)Status.StatusCode, Details.Code);
        var info = Assert.Single(Details.Details, detail => detail.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
        Assert.Equal("iam.pltfrms", info.Domain);
        // Its field 1 is `reason` today; Google.Api.CommonProtos 2.0.0 still has its first name.
        Assert.Equal(expected.Reason, info.Type);
        AssertMembers(expected.Metadata ?? [], new JsonObject(info.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))), absentIsEmpty: false);
        Assert.Equal(
            expected.Violations,
            Details.Details.Where(detail => detail.Is(BadRequest.Descriptor)).SelectMany(detail => detail.Unpack<BadRequest>().FieldViolations).Select(violation => violation.Field));
    }

    private static string ScreamingSnakeCase(string code) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(code);
}
