using System.Text.RegularExpressions;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Architecture.Tests;

/// <summary>The closed set of errors: each reason is mapped, and the contract's comment says what the map says.</summary>
public sealed partial class ErrorReasonTests
{
    private static readonly SourceFile Contract = Repository.Protos.Single(file => file.Name == "error_reason.proto");

    public static TheoryData<ErrorReason> Reasons => [.. Enum.GetValues<ErrorReason>().Except([ErrorReason.Unspecified])];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_reason_is_mapped_as_its_comment_says(ErrorReason reason)
    {
        var wire = WireError.For(reason);

        var comment = CommentOf(reason);
        Assert.Contains($"gRPC {ScreamingSnakeCase(wire.GrpcCode.ToString())}, HTTP {wire.HttpStatus} `{wire.OAuthError}`", comment, StringComparison.Ordinal);
    }

    [Fact]
    public void The_unspecified_reason_is_never_sent() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WireError.For(ErrorReason.Unspecified));

    [Fact]
    public void Only_canonical_codes_are_used() =>
        Assert.All(Enum.GetValues<ErrorReason>().Except([ErrorReason.Unspecified]), reason => Assert.True(Enum.IsDefined<StatusCode>(WireError.For(reason).GrpcCode)));

    [Fact]
    public void Only_WireError_and_its_readers_build_wire_errors() =>
        Expect.None(
            "throw IamException; the interceptor and the OAuth facade turn it into what is sent",
            from file in Repository.Product
            where !file.Path.StartsWith("services/common/Errors/", StringComparison.Ordinal) && !file.Path.StartsWith("clients/", StringComparison.Ordinal)
            from found in file.Find(BuiltByHand())
            select found);

    private static string CommentOf(ErrorReason reason)
    {
        var name = $"ERROR_REASON_{ScreamingSnakeCase(reason.ToString())} =";
        var lines = Contract.Lines;
        var declared = lines.Index().Single(line => line.Item.TrimStart().StartsWith(name, StringComparison.Ordinal)).Index;
        return string.Join('\n', lines.Take(declared).Reverse().TakeWhile(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
    }

    private static string ScreamingSnakeCase(string pascal) => WordStart().Replace(pascal, "_").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"new RpcException\(")]
    private static partial Regex BuiltByHand();
}
