using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>What buf lint cannot see in the contracts' comments.</summary>
public sealed partial class ContractTests
{
    public static TheoryData<string, string> Methods
    {
        get
        {
            var methods = new TheoryData<string, string>();
            foreach (var method in Repository.Protos.SelectMany(file => Rpc().Matches(file.Text)))
            {
                methods.Add(method.Groups["name"].Value, method.Groups["comment"].Value);
            }

            return methods;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_names_its_errors_and_who_may_call_it(string method, string comment)
    {
        Assert.True(comment.Contains("Errors:", StringComparison.Ordinal), $"{method} does not name its errors");
        Assert.True(
            comment.Contains("Requires:", StringComparison.Ordinal) || comment.Contains("Open", StringComparison.Ordinal),
            $"{method} names neither the permission that it requires nor that it is open");
    }

    [Fact]
    public void Every_service_method_message_and_field_has_a_comment() => Expect.None(
        "say what it is",
        from file in Repository.Protos
        from line in file.Lines.Index().Skip(1)
        where Declaration().IsMatch(line.Item)
        where !file.Lines[line.Index - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    [Fact]
    public void Fields_that_hold_secrets_say_so() => Expect.None(
        "begin the comment with 'Sensitive:'",
        from file in Repository.Protos
        from line in file.Lines.Index().Skip(1)
        where SecretField().IsMatch(line.Item)
        let comment = string.Join('\n', file.Lines.Take(line.Index).Reverse().TakeWhile(above => above.TrimStart().StartsWith("//", StringComparison.Ordinal)))
        where !comment.Contains("Sensitive:", StringComparison.Ordinal)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    [GeneratedRegex(@"(?<comment>(?:^ *//.*\n)*)^ *rpc (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Rpc();

    [GeneratedRegex(@"^\s*(service|rpc|message|enum|oneof)\s+\w+|^\s+(repeated |optional |map<.*> )?[\w.]+ \w+ = \d+;|^\s+[A-Z_]+ = \d+;")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\s+(string|bytes) (token|(?!page_|next_page_)\w*_token|\w*secret|\w*password|code|assertion|private_key) = \d+;")]
    private static partial Regex SecretField();
}
