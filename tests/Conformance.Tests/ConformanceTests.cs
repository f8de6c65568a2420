using System.Buffers.Text;
using System.Text.Json.Nodes;
using Conformance.Tests.Running;

namespace Conformance.Tests;

/// <summary>Runs every case of cases/ over every transport that it has an expectation for.</summary>
public sealed class ConformanceTests(Services services) : IClassFixture<Services>
{
    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach (var (name, conformanceCase) in CaseFiles.All)
            {
                foreach (var transport in Transport.Names.Where(transport => Transport.Runs(transport, conformanceCase)))
                {
                    runs.Add(name, transport);
                }
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_case_is_answered_as_it_says(string name, string transportName)
    {
        var conformanceCase = CaseFiles.All[name];
        var transport = Transport.Named(transportName, services);
        var placeholders = new Placeholders();
        foreach (var step in conformanceCase.Given)
        {
            await PrepareAsync(step, transport, placeholders);
        }

        var answers = new List<Answer>();
        foreach (var request in conformanceCase.Requests)
        {
            answers.Add(await transport.SendAsync(conformanceCase.Call, placeholders.In(request)));
        }

        Assert.NotEmpty(answers);
        foreach (var answer in answers)
        {
            answer.AssertMeets(conformanceCase.Expect);
            AssertClaims(conformanceCase.Expect, answer);
            Assert.Equal(answers[0].Fingerprint, answer.Fingerprint);
        }
    }

    [Fact]
    public void Every_case_runs_somewhere() =>
        Assert.All(CaseFiles.All, found => Assert.Contains(Transport.Names, transport => Transport.Runs(transport, found.Value)));

    private static async Task PrepareAsync(GivenStep step, Transport transport, Placeholders placeholders)
    {
        if (step.IssueToken is not null)
        {
            var issued = await transport.SendAsync(CallKind.IssueToken, placeholders.In(step.IssueToken));
            Assert.True(issued.Succeeded, $"given issue_token: {issued.Fingerprint}");
            placeholders.Set(step.As, issued.Token!);
        }

        if (step.RevokeToken is not null)
        {
            var revoked = await transport.SendAsync(CallKind.RevokeToken, placeholders.In(step.RevokeToken));
            Assert.True(revoked.Succeeded, $"given revoke_token: {revoked.Fingerprint}");
        }

        await Task.Delay(step.WaitMilliseconds ?? 0);
    }

    private static void AssertClaims(Expectation expectation, Answer answer)
    {
        if (expectation.Claims is null)
        {
            return;
        }

        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(answer.Token!.Split('.')[1]))!.AsObject();
        Answer.AssertMembers(expectation.Claims, payload, absentIsEmpty: false);
    }
}
