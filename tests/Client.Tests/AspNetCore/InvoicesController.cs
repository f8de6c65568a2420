using Microsoft.AspNetCore.Mvc;
using Pltfrms.Iam.Client.AspNetCore;

namespace Client.Tests.AspNetCore;

[ApiController]
[Route("mvc/{tenant}/invoices")]
public sealed class InvoicesController : ControllerBase
{
    [HttpGet]
    [RequirePermission("invoices.read", OrganizationRoute = "tenant")]
    public string Get() => "invoices";

    [HttpGet("fresh")]
    [RequireAcr("mfa", "phr", MaxAge = 300)]
    public string Fresh() => "fresh";
}
