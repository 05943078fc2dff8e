"""A round says whether everybody concerned was asked in it. Rounds there are already: the log knows which act opened them."""

from django.db import migrations, models


def say_which_were_partial(apps, _schema_editor):
    """A round that no 发出征询 opened was one for those whom a new plan version touched."""
    Event, Round = apps.get_model("base", "Event"), apps.get_model("admission", "ConsultationRound")
    for opened in Round.objects.filter(number__gt=1).iterator():
        whole = Event.objects.filter(
            kind="admission.application.open_consultation",
            target_type="admission.application",
            target_pk=str(opened.application_id),
            at=opened.opened_at,
        )
        if not whole.exists():
            Round.objects.filter(pk=opened.pk).update(whole=False)


class Migration(migrations.Migration):
    dependencies = [
        ("admission", "0004_meeting_put_off"),
        ("base", "0004_saved_views"),
    ]

    operations = [
        migrations.AddField(
            model_name="consultationround",
            name="whole",
            field=models.BooleanField(default=True, verbose_name="征询全部单位"),
        ),
        migrations.RunPython(say_which_were_partial, migrations.RunPython.noop),
    ]
