using System.Text.Json;
using Pltfrms.Iam.Common.AuthorizationDetails;

namespace Common.Tests.AuthorizationDetails;

public sealed class DetailSchemaTests
{
    private const string Payment = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A payment", "type": "object",
          "properties": {
            "identifier": {"type": "string", "pattern": "^inv-[0-9]+$"},
            "actions": {"type": "array", "items": {"enum": ["read", "pay"]}, "minItems": 1, "maxItems": 2, "uniqueItems": true},
            "amount": {"type": "object", "properties": {"value": {"type": "number", "minimum": 0.5, "maximum": 100}, "currency": {"const": "EUR"}}, "required": ["value"]},
            "count": {"type": "integer"},
            "note": {"type": "string", "minLength": 2, "maxLength": 3},
            "urgent": {"type": "boolean"},
            "extra": {"type": "object", "additionalProperties": true}
          },
          "required": ["identifier", "actions"]
        }
        """;

    [Theory]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read"]}""", null)]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read","pay"],"amount":{"value":0.5,"currency":"EUR"},"count":2.0,"note":"äöü","urgent":false,"extra":{"a":[1]}}""", null)]
    [InlineData("""{"type":"t","actions":["read"]}""", "the object lacks identifier")]
    [InlineData("""{"type":"t","identifier":"xinv-1","actions":["read"]}""", "identifier does not match its pattern")]
    [InlineData("""{"type":"t","identifier":1,"actions":["read"]}""", "identifier must be of the type string")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":[]}""", "actions has too few or too many items")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read","read"]}""", "actions has an item twice")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["delete"]}""", "an item of actions has a value that is not allowed")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read"],"other":1}""", "the object has a member that is not known")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read"],"amount":{"value":0.4}}""", "value is out of its range")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read"],"amount":{"value":1,"currency":"USD"}}""", "currency has a value that is not allowed")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read"],"count":1.5}""", "count must be of the type integer")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read"],"note":"äöüß"}""", "note is too short or too long")]
    [InlineData("""{"type":"t","identifier":"inv-1","actions":["read"],"urgent":"yes"}""", "urgent must be of the type boolean")]
    public void A_value_is_held_to_every_constraint(string json, string? violation) =>
        Assert.Equal(violation, DetailSchema.Read(Payment).Schema!.Violation(JsonDocument.Parse(json).RootElement));

    [Theory]
    [InlineData("""{"type":"object","allOf":[{}]}""", "has a member that is not known or not of its kind: /allOf")]
    [InlineData("""{"type":"object","properties":{"a":{"format":"uri"}}}""", "has a member that is not known or not of its kind: /properties/a/format")]
    [InlineData("""{"type":"object","properties":{"a":true}}""", "has a member that is not an object: /properties/a")]
    [InlineData("""{"type":["object","null"]}""", "has a member that is not known or not of its kind: /type")]
    [InlineData("""{"type":"object","properties":{"a":{"minimum":"1"}}}""", "has a member that is not known or not of its kind: /properties/a/minimum")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"("}}}""", "has a pattern that cannot be used: /properties/a/pattern")]
    [InlineData("""{"type":"object","properties":{"a":{"pattern":"(?=a)b"}}}""", "has a pattern that cannot be used: /properties/a/pattern")]
    [InlineData("""{"type":"string"}""", "must have the type object")]
    [InlineData("""{"type":"object","type":"object"}""", "must be a JSON object with unique names and little nesting")]
    [InlineData("[]", "must be a JSON object with unique names and little nesting")]
    public void A_schema_with_what_nobody_would_check_is_refused(string json, string violation) =>
        Assert.Equal(violation, DetailSchema.Read(json).Violation);

    [Theory]
    [InlineData("""{"type":"t","identifier":"a","actions":["read"]}""", true)]
    [InlineData("""{"actions":["pay","read"],"identifier":"a","type":"t"}""", true)]
    [InlineData("""{"type":"t","identifier":"a","actions":["read","pay","close"]}""", false)]
    [InlineData("""{"type":"t","identifier":"b","actions":["read"]}""", false)]
    [InlineData("""{"type":"t","actions":["read"]}""", false)]
    [InlineData("""{"type":"t","identifier":"a","actions":[]}""", false)]
    [InlineData("""{"type":"t","identifier":"a","actions":["read"],"limit":5}""", false)]
    public void What_says_the_same_with_fewer_actions_is_within_what_was_granted(string asked, bool isWithin)
    {
        var granted = AuthorizationDetailList.Parse("""[{"type":"t","identifier":"a","actions":["read","pay"]}]""")![0];

        Assert.Equal(isWithin, AuthorizationDetailList.Parse($"[{asked}]")![0].IsWithin(granted));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"type":""}]""")]
    [InlineData("""[{"type":1}]""")]
    [InlineData("""[{"a":1}]""")]
    [InlineData("""[{"type":"t","type":"u"}]""")]
    [InlineData("""[{"type":"t","a":"\ud800"}]""")]
    [InlineData("""[{"type":"t","a":[[[[[[[[1]]]]]]]]}]""")]
    [InlineData("[{")]
    public void What_is_not_a_list_of_objects_with_types_is_not_read(string json) => Assert.Null(AuthorizationDetailList.Parse(json));

    [Fact]
    public void Too_many_or_too_long_details_are_not_read()
    {
        Assert.NotNull(AuthorizationDetailList.Parse($"[{string.Join(',', Enumerable.Repeat("""{"type":"t"}""", AuthorizationDetailList.MaxDetails))}]"));
        Assert.Null(AuthorizationDetailList.Parse($"[{string.Join(',', Enumerable.Repeat("""{"type":"t"}""", AuthorizationDetailList.MaxDetails + 1))}]"));
        Assert.Null(AuthorizationDetailList.Parse($$"""[{"type":"{{new string('t', AuthorizationDetailList.MaxLength)}}"}]"""));
    }
}
